# SPDX-License-Identifier: BSD-2-Clause-Patent
"""A small GPT disk whose EFI system partition has one program, \\EFI\\BOOT\\BOOTX64.EFI, written without root.

    make(path, "build/out/blocks.efi", {100: b"text"})      and these bytes at these sectors, outside of the partition
    make(path, program, mib=12, random=True)                of this size; what has no other contents is random
    put(path, file, "secret.txt")                           one file more into it
    delete(path, "secret.txt")                              and out of it again
    span(12)                                                first sector of the partition, and how many it has
    format(path, at, sectors, program)                      only the partition, of a disk that is there
"""
import os

from dosdisk import tool

SECTOR, MIB, USUAL_MIB = 512, 1 << 20, 64
EDGE = MIB // SECTOR                    # in front of the partition and behind it: GPT's tables, and room
FAT16_MOST = 65524                      # clusters, which are sectors here


def span(mib=USUAL_MIB):
    return EDGE, mib * MIB // SECTOR - 2 * EDGE


def inside(path, at=EDGE):
    return "%s@@%d" % (path, at * SECTOR)


def put(path, file, name):
    tool("mcopy", "-i", inside(path), file, "::/" + name)


def delete(path, name):
    tool("mdel", "-i", inside(path), "::/" + name)


def format(path, at, sectors, program, name="BOOTX64.EFI"):
    place = inside(path, at)
    tool("mformat", "-i", place, "-c", "1", "-T", str(sectors), *(["-F"] if sectors > FAT16_MOST else []), "::")
    tool("mmd", "-i", place, "::/EFI", "::/EFI/BOOT")
    tool("mcopy", "-i", place, program, "::/EFI/BOOT/" + name)


def make(path, program, sectors=(), mib=USUAL_MIB, random=False, name="BOOTX64.EFI"):
    first, count = span(mib)
    with open(path, "wb") as f:
        f.truncate(mib * MIB)
        if random:                      # so that no block is like another
            f.seek(first * SECTOR)
            f.write(os.urandom(count * SECTOR))
    tool("sgdisk", "--clear", "--new=1:%d:%d" % (first, first + count - 1), "--typecode=1:ef00", path)
    format(path, first, count, program, name)
    with open(path, "r+b") as f:
        for lba, data in dict(sectors).items():
            f.seek(lba * SECTOR)
            f.write(data)
