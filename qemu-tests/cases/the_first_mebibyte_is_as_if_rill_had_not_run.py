# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The same machine twice: Rill runs and gives it back; and a program as long as Rill, but which returns at once. The next
device's boot sector tells what INT 12h and INT 15h say and stops; then the first MiB of both is compared from outside. So
after Esc, and so after a disk's boot code gave up with INT 18h, where that program calls INT 18h itself.

What may differ is named, with how many bytes of it at most. What is free memory and was ours is not among it."""
import re
import shutil

import dosdisk

LIMIT = 150
MIB = 1 << 20
RETURNS, CALLS_18 = b"\x31\xC0\xCB", b"\xCD\x18\xCB"     # xor ax, ax; retf -- int 18h; retf: as long as rill.kpxe's first jump
EBDA = 0x9FC00


def may_differ(rom):
    """From, to, bytes at most, what."""
    return (
        (0x450, 0x460, 16, "where the cursor is"),
        (0x46C, 0x471, 5, "tick count"),
        (0x6000, 0x7C00, 512, "stacks of the BIOS while it boots, and of a boot sector"),
        (rom, EBDA, 1024, "the ROM's memory: DHCP transaction numbers, its packet buffer, its stack"),
        (0xA0000, 0xC0000, 0x20000, "the screen"),
        (0xE0000, 0xF0000, 256, "SeaBIOS's data: a time, and the stack of its interrupts, whichever came last"),
    )


def run(t):
    disk, gives_up, boot = t.folder + "/map.img", t.folder + "/gives_up.img", t.folder + "/boot"
    dosdisk.assemble("map", disk)
    with open(disk, "ab") as f:
        f.truncate(MIB)
    with open(gives_up, "wb") as f:
        f.write(b"\xCD\x18".ljust(510, b"\0") + b"\x55\xAA")
        f.truncate(MIB)
    with open("build/out/rill.kpxe", "rb") as f:
        rill = f.read()
    more = ["-drive", "file=%s,format=raw,if=ide" % disk]
    shutil.copy("build/out/rill.kpxe", boot)
    t.cable()
    t.dnsmasq(boot_file="boot", files=[boot])

    def once(program, escape):
        with open(t.folder + "/tftp/boot", "wb") as f:
            f.write(program)
        m = t.machine(more=more)
        if escape:
            m.wait_for(r"logging in to ", 60)
            m.send("\33")
        m.wait_for(r"map: end\s", 90)
        seen = m.monitor.memory(0, MIB), re.findall(r"map: (.*)", m.text)
        m.stop()
        return seen

    without, after = once(RETURNS + rill[3:], False), once(rill, True)
    t.server({"gives_up": gives_up}, default="gives_up")
    without_18, after_18 = once(CALLS_18 + rill[3:], False), once(rill, False)
    rom = int(without_18[1][0].split()[1], 16) << 10    # after INT 18h the ROM still has its memory: INT 12h is below it
    t.expect(0x80000 < rom < EBDA, "INT 12h says that memory ends at %x" % rom)
    compare(t, "Esc", rom, without, after)
    compare(t, "INT 18h", rom, without_18, after_18)


def compare(t, how, rom, without, after):
    t.expect(len(after[1]) >= 8 and without[1] == after[1], "%s: of memory is told\n%s\ninstead of\n%s" % (
        how, "\n".join(after[1]), "\n".join(without[1])))
    other = [at for at in range(MIB) if without[0][at] != after[0][at]]
    for start, end, most, what in may_differ(rom):
        here = [at for at in other if start <= at < end]
        other = [at for at in other if not start <= at < end]
        print("%s: %d bytes differ from %05x to %05x: %s" % (how, len(here), start, end, what))
        t.expect(len(here) <= most, "%s: that are more than %d" % (how, most))
    t.expect(not other, "%s: %d bytes differ, the first and last at %s" % (
        how, len(other), ", ".join("%05x" % at for at in other[:8] + other[-1:])))
    t.token()
