# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Two cards with option ROMs of ours, and a disk; the ROMs are split, or not, or one is. Each ROM's payload is called
for its own card, as it was packed and with its configuration, and gives the machine back; the BIOS goes on with the next card and
then the disk, whose boot sector stops. Then the memory map and the first MiB are those of the same machine without the ROMs,
but for what is named. Of each ROM at most 6 KiB of upper memory have stayed, the next one begins there, and both have their
payload in the same place."""
import optionrom

LIMIT = 120
MIB = 1 << 20


def run(t):
    stub, disk = optionrom.Stub(t.folder), optionrom.map_disk(t.folder, 2)
    cables = [t.cable(0), t.cable(1)]

    def machine(roms):
        return t.machine([c.card(nic, ",addr=%d,bootindex=%d,romfile=%s" % (5 + c.number, c.number, rom)) for c, nic, rom in
                          zip(cables, ("virtio-net-pci", "e1000"), roms)], disk)

    m = machine(["", ""])
    without = optionrom.at_map_disk(m)
    m.stop()
    for split in ((True, True), (False, False), (True, False)):
        m = machine([optionrom.make(t.folder, "1af4:1000", stub.path, "--vlan", "9", split=split[0]),
                     optionrom.make(t.folder, "8086:100e", stub.path, split=split[1])])
        stub.expect(t, m, "0028", vlan=9)
        stub.expect(t, m, "0030")
        after = optionrom.at_map_disk(m)
        roms = optionrom.in_upper_memory(m)
        m.stop()
        print("in upper memory: %s" % ", ".join("%d bytes at %04x, payload at %x" % (r[1], r[0], r[2]) for r in roms))
        t.expect(len(roms) == 2, "of the ROMs stay %s" % (roms,))
        t.expect(max(roms[0][1], roms[1][1]) <= optionrom.UPPER_MEMORY_MAX, "so much stays of the ROMs: %s" % (roms,))
        t.expect(roms[0][2] == roms[1][2] >= MIB, "the payload is not one for both, above 1 MiB: %s" % (roms,))
        apart = (roms[1][0] - roms[0][0]) << 4
        t.expect(apart <= optionrom.UPPER_MEMORY_MAX, "the second ROM is %d bytes behind the first" % apart)
        optionrom.expect_no_trace(t, roms, without, after)
