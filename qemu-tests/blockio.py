# SPDX-License-Identifier: BSD-2-Clause-Patent
"""A disk that holds itself to UEFI's Block IO chapters: its boot program is guest/efi/blockio_check.c.

    disk = Disk(t.folder)                   GPT, a FAT file system with \\EFI\\BOOT\\BOOTX64.EFI, random contents of this run
    m = t.machine(more=attached(disk, "ahci"), firmware="efi")
    good, failed = outcome(t, m, disk)      the names of the checks that held; of the others, what was wrong
    expect_all(t, m, disk)                  or: all of them held, and Block IO2 was offered, too

outcome() passes only if the program came to its end, or said after which check it is stuck (failed["stuck"]); if it said a
line for each check that it counted; and if what it read is the image, by CRCs of the whole disk and of the partition: before, and
after all that it wrote. A disk that comes over the network needs no more than this:

    t.server({"check": disk.path}, "check")
    expect_all(t, t.machine(firmware="efi"), disk)          a machine that starts rill.efi
"""
import re
import zlib

import efidisk

PROGRAM = "build/out/blockio_check.efi"
MIB = 12                            # read from beginning to end, three times
LEAST = 120                         # checks of a read-only disk without Block IO2, half examined


class Disk:
    """path; crc: {"disk": ..., "partition": ...}"""
    def __init__(self, folder, name="blockio"):
        self.path = "%s/%s.img" % (folder, name)
        efidisk.make(self.path, PROGRAM, mib=MIB, random=True)
        first, count = (n * efidisk.SECTOR for n in efidisk.span(MIB))
        with open(self.path, "rb") as f:
            data = f.read()
        self.crc = {"disk": zlib.crc32(data), "partition": zlib.crc32(data[first:first + count])}


def attached(disk, how):
    """The disk at a controller of the machine's."""
    devices = {
        "ahci": ["-device", "ide-hd,drive=disk,bus=ide.0"],
        "scsi": ["-device", "virtio-scsi-pci,id=scsi", "-device", "scsi-hd,drive=disk,bus=scsi.0"],
        "virtio": ["-device", "virtio-blk-pci,drive=disk"],
        "virtio_read_only": ["-device", "virtio-blk-pci,drive=disk"],
    }
    readonly = "on" if how.endswith("read_only") else "off"
    return ["-drive", "if=none,id=disk,format=raw,readonly=%s,file=%s" % (readonly, disk.path)] + devices[how]


def outcome(t, m, disk, seconds=240):
    end = m.wait_for(r"(?m)^end: (\d+) checks, (\d+) failed(?:, stuck after (\S+))?\n", seconds)
    checks, failures, stuck = int(end.group(1)), int(end.group(2)), end.group(3)
    errors = re.findall(r"(?m)^error: .*$", m.text)
    t.expect(not errors, "the program says: %s" % "; ".join(errors))
    good = re.findall(r"(?m)^check ([\w.]+) ok$", m.text)
    failed = dict(re.findall(r"(?m)^check ([\w.]+) FAILED: (.*)$", m.text))
    t.expect(len(good) == checks - failures and len(failed) == failures,
             "%d checks, %d failed, but there are %d and %d lines" % (checks, failures, len(good), len(failed)))
    t.expect(len(set(good)) == len(good) and checks >= LEAST, "%d checks, %d names" % (checks, len(set(good) | set(failed))))
    if stuck:
        failed["stuck"] = stuck
    crcs = re.findall(r"(?m)^crc (\w+) (\w+) (\w{8}) of \d+ blocks$", m.text)
    right = [(name, when, "%08x" % disk.crc[name]) for name in disk.crc
             for when in (("first", "written") if stuck else ("first", "written", "last"))]
    t.expect(sorted(crcs) == sorted(right), "the CRCs are %s, the image has %s" % (crcs, right))
    m.wait_end(30)
    t.token()
    return set(good), failed


def expect_all(t, m, disk):
    _, failed = outcome(t, m, disk)
    t.expect(not failed, "\n".join("%s: %s" % pair for pair in failed.items()))
    both = re.findall(r"(?m)^subject (\w+): .* writable, Block IO2 too$", m.text)
    t.expect(both == ["disk", "partition"], "writable, and with Block IO2, are only: %s" % both)
