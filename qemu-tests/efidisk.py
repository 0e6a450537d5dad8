# SPDX-License-Identifier: BSD-2-Clause-Patent
"""A small GPT disk whose EFI system partition has one program, \\EFI\\BOOT\\BOOTX64.EFI, written without root.

    make(path, "build/out/blocks.efi", {100: b"text"})      and these bytes at these sectors, outside of the partition
    put(path, file, "secret.txt")                           one file more into it
"""
import os
import subprocess

BYTES, PARTITION_AT, SECTOR = 64 << 20, 2048, 512


def call(*words):
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, env=dict(os.environ, MTOOLS_SKIP_CHECK="1"))


def partition(path):
    return "%s@@%d" % (path, PARTITION_AT * SECTOR)


def put(path, file, name):
    call("mcopy", "-i", partition(path), file, "::/" + name)


def make(path, program, sectors=()):
    with open(path, "wb") as f:
        f.truncate(BYTES)
    partition_end = BYTES // SECTOR - 2048
    call("sgdisk", "--clear", "--new=1:%d:%d" % (PARTITION_AT, partition_end - 1), "--typecode=1:ef00", path)
    inside = partition(path)
    call("mformat", "-i", inside, "-F", "-T", str(partition_end - PARTITION_AT), "::")
    call("mmd", "-i", inside, "::/EFI", "::/EFI/BOOT")
    call("mcopy", "-i", inside, program, "::/EFI/BOOT/BOOTX64.EFI")
    with open(path, "r+b") as f:
        for lba, data in dict(sectors).items():
            f.seek(lba * SECTOR)
            f.write(data)
