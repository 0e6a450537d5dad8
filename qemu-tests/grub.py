# SPDX-License-Identifier: BSD-2-Clause-Patent
"""What grub-bios-setup does, on a file: it wants devices, and root.

    embed(disk, core, at)       boot.img into the MBR, whose partitions stay, and grub-mkimage's core.img to sector `at`

How GRUB's boot sector finds the rest is a handful of fields in boot.img and in the first sector of core.img.
"""
import struct

SECTOR = 512
BOOT_IMG = "/usr/lib/grub/i386-pc/boot.img"


def embed(disk, core, at):
    """Returns how many sectors core.img takes."""
    with open(BOOT_IMG, "rb") as f:
        boot = bytearray(f.read())
    with open(core, "rb") as f:
        core = bytearray(f.read())
    core += bytes(-len(core) % SECTOR)
    sectors = len(core) // SECTOR
    if len(boot) != SECTOR:
        raise ValueError("%s has %d bytes" % (BOOT_IMG, len(boot)))
    struct.pack_into("<Q", boot, 0x5C, at)                # where boot.img finds core.img's first sector
    boot[0x66:0x68] = b"\x90\x90"                         # trust DL, but take 80h where a BIOS gives no hard disk
    # That sector's list of blocks grows downwards from its end: first sector, count, segment.
    struct.pack_into("<QHH", core, SECTOR - 12, at + 1, sectors - 1, 0x820)
    with open(disk, "r+b") as f:
        mbr = bytearray(f.read(SECTOR))
        mbr[0:3] = boot[0:3]
        mbr[0x5A:0x1B8] = boot[0x5A:0x1B8]                # between: a file system's figures; after: partitions
        f.seek(0)
        f.write(mbr)
        f.seek(at * SECTOR)
        f.write(core)
    return sectors
