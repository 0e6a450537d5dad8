# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Two cards with option ROMs of ours, and a disk. Each ROM's payload is called for its own card, as it was packed and with its
configuration, and gives the machine back; the BIOS goes on with the next card and then the disk, whose boot sector stops.
Then the memory map and the first MiB are those of the same machine without the ROMs, but for what is named. Of each ROM at
most 6 KiB of upper memory have stayed, the next one begins there, and both have their payload in the same place."""
import re

import dosdisk
import optionrom

LIMIT = 120
MIB, EBDA = 1 << 20, 0x9FC00


def may_differ(roms):
    """From, to, bytes at most, what."""
    begin, end = roms[0][0] << 4, (roms[-1][0] << 4) + roms[-1][1]
    return (
        (0x450, 0x460, 16, "where the cursor is"),
        (0x46C, 0x471, 5, "tick count"),
        (0x6000, 0x7C00, 1024, "stacks of the BIOS while it boots, and of a boot sector"),
        (EBDA, 0xA0000, 256, "the BIOS's own variables: a drive number, its stack"),
        (0xA0000, 0xC0000, 0x20000, "the screen"),
        (begin, end + 2048, 12288, "the ROMs"),
        (0xE0000, MIB, 1024, "SeaBIOS's data: a time, its boot menu, the stack of its interrupts"),
    )


def run(t):
    disk = t.folder + "/map.img"
    dosdisk.assemble("map", disk)
    with open(disk, "ab") as f:
        f.truncate(MIB)
    stub = optionrom.Stub(t.folder)
    cables = [t.cable(0), t.cable(1)]

    def machine(roms):
        cards = [c.card(nic, ",addr=%d,bootindex=%d,romfile=%s" % (5 + c.number, c.number, rom)) for c, nic, rom in
                 zip(cables, ("virtio-net-pci", "e1000"), roms)]
        return t.machine(cards, ["-drive", "file=%s,format=raw,if=none,id=d" % disk, "-device", "ide-hd,drive=d,bootindex=2"])

    def end(m):
        m.wait_for(r"map: end\s", 60)
        seen = m.monitor.memory(0, MIB), re.findall(r"map: (.*)", m.text)
        m.stop()
        return seen

    without = end(machine(["", ""]))
    m = machine([optionrom.make(t.folder, "1af4:1000", stub.path, "--vlan", "9"),
                 optionrom.make(t.folder, "8086:100e", stub.path)])
    stub.expect(t, m, "0028", vlan=9)
    stub.expect(t, m, "0030")
    m.wait_for(r"map: 12", 30)
    roms = optionrom.in_upper_memory(m)
    print("in upper memory: %s" % ", ".join("%d bytes at %04x, payload at %x" % (size, segment, at) for segment, size, at in roms))
    t.expect(len(roms) == 2 and all(size <= 6144 for _, size, _ in roms), "of the ROMs stay %s" % (roms,))
    t.expect(roms[0][2] == roms[1][2] >= MIB, "the payload is not one for both, above 1 MiB: %s" % (roms,))
    apart = (roms[1][0] - roms[0][0]) << 4
    t.expect(apart <= 6144, "the second ROM is %d bytes behind the first" % apart)
    compare(t, roms, without, end(m))


def compare(t, roms, without, after):
    t.expect(len(after[1]) >= 8 and without[1] == after[1], "of memory is told\n%s\ninstead of\n%s" % (
        "\n".join(after[1]), "\n".join(without[1])))
    other = [at for at in range(MIB) if without[0][at] != after[0][at]]
    for start, end, most, what in may_differ(roms):
        here = [at for at in other if start <= at < end]
        other = [at for at in other if not start <= at < end]
        print("%d bytes differ from %05x to %05x: %s" % (len(here), start, end, what))
        t.expect(len(here) <= most, "that are more than %d" % most)
    t.expect(not other, "%d bytes differ, the first and last at %s" % (
        len(other), ", ".join("%05x" % at for at in other[:8] + other[-1:])))
    t.token()
