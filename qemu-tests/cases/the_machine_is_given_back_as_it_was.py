# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Between the ROM and Rill stands a program that fills base memory with a pattern, closes A20, starts Rill as the ROM would,
and compares when it gets the machine back: after Esc, and after a disk's boot sector gave up with INT 18h, which first uses
our interrupts 13h and 15h, and reads the disk the machine has, which has become 81h, and its CD, which is E0h as before."""
import re
import secrets

from dosdisk import assemble

LIMIT = 120


def run(t):
    program, disk = t.folder + "/giveback.kpxe", t.folder + "/mbr.img"
    own, secret, own_secret = t.folder + "/own.img", secrets.token_hex(16), secrets.token_hex(16)
    cd, cd_secret = t.folder + "/cd.img", secrets.token_hex(16)
    assemble("giveback", program, '-DRILL="build/out/rill.kpxe"')
    assemble("mbr", disk)
    with open(disk, "ab") as f:
        f.write(secret.encode().ljust(512, b"\0"))
        f.truncate(16 << 20)
    with open(own, "wb") as f:
        f.write(bytes(512) + own_secret.encode())
        f.truncate(1 << 20)
    with open(cd, "wb") as f:
        f.write(bytes(2048) + cd_secret.encode())
        f.truncate(1 << 20)
    t.cable()
    t.dnsmasq(boot_file="giveback.kpxe", files=[program])
    after_escape(t)
    t.server({"mbr": disk}, default="mbr")
    after_int_18(t, secret, own, own_secret, cd, cd_secret)


def expect_as_it_was(t, m):
    t.expect(m.wait_for(r"(\w{8}) dwords below 40:13 differ", 30).group(1) == "00000000", "base memory differs")
    bytes_, before, after = m.wait_for(r"data that differ (\w{4}), A20 before and after (\w\w)(\w\w)\s", 30).groups()
    t.expect(bytes_ == "0000", "%s bytes of vectors and BIOS data differ" % bytes_)
    t.expect((before, after) == ("00", "00"), "A20 was %s and is %s" % (before, after))
    m.wait_for("giveback: done", 5)
    t.token()


def after_escape(t):
    m = t.machine()
    m.wait_for(r"giveback: starting Rill, A20 00", 60)
    m.wait_for(r"logging in to ", 30)
    m.send("\33")
    t.expect(m.wait_for(r"giveback: registers that differ (\w{4})", 30).group(1) == "0000", "registers differ")
    expect_as_it_was(t, m)
    m.stop()


def after_int_18(t, secret, own, own_secret, cd, cd_secret):
    m = t.machine(more=["-drive", "file=%s,format=raw,if=ide" % own,
                        "-drive", "file=%s,format=raw,if=ide,media=cdrom" % cd])
    t.expect(m.wait_for(r"mbr: (\w+)\s", 90).group(1) == "807c0001", "drive, stack or interrupts are not a BIOS's")
    t.expect(m.wait_for(r"41 (\w+)\s", 10).group(1) == "3000aa55", "no EDD 3.0")
    for call in ("42", "02"):
        t.expect(m.wait_for(call + r" 0000(\w+)\s", 10).group(1) == secret, "INT 13h %sh read something else" % call)
    t.expect(m.wait_for(r"08 0000(\w\w)\s", 10).group(1) == "02", "AH=08h does not count two disks")
    t.expect(m.wait_for(r"81 0000(\w+)\s", 10).group(1) == "81" + own_secret, "the machine's own disk is not 81h")
    t.expect(m.wait_for(r"E0 0000(\w+)\s", 10).group(1) == "e0" + cd_secret, "the machine's CD is not E0h any more")
    base_kb = int(m.wait_for(r"KB (\w+)\s", 10).group(1), 16)
    m.wait_for(r"giveback: INT 18h", 10)
    entries = [tuple(int(n, 16) for n in e) for e in re.findall(r"map (\w{10}) (\w{8}) (\w\w)", m.text)]
    reserved = [base for base, size, kind in entries if kind == 2]
    t.expect(base_kb << 10 in reserved, "what begins at 40:13, %d KiB, is not reserved in %s" % (base_kb, entries))
    ours = [size for base, size, kind in entries if kind == 2 and 0x100000 < base < 0x20000000 and size > 0x200000]
    t.expect(len(ours) == 1 and ours[0] <= 4 << 20, "the resident part is not in the map: %s" % (entries,))
    expect_as_it_was(t, m)
    expect_clean(t, m, [base + size for base, size, kind in entries if kind == 2 and size == ours[0]][0])


def expect_clean(t, m, top):
    """With A20 closed nothing was written: what was meant for the 32-bit stack would have come to lie 1 MiB lower, where the
    overlay is, which nobody wrote to."""
    t.expect((top - 1) >> 20 & 1, "the resident part ends at %x: there address line 20 makes no difference" % top)
    under = m.monitor.memory(top - (1 << 20) - 256, 256)
    t.expect(not any(under), "written to below %x: %s" % (top - (1 << 20), under.hex()))
    t.token()
