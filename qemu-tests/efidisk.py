# SPDX-License-Identifier: BSD-2-Clause-Patent
"""A small GPT disk whose EFI system partition has one program, \\EFI\\BOOT\\BOOTX64.EFI, written without root.

    make(path, "build/out/blocks.efi", {100: b"text"})      and these bytes at these sectors, outside of the partition
"""
import os
import subprocess

BYTES, PARTITION_AT, SECTOR = 64 << 20, 2048, 512


def call(*words):
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, env=dict(os.environ, MTOOLS_SKIP_CHECK="1"))


def make(path, program, sectors=()):
    with open(path, "wb") as f:
        f.truncate(BYTES)
    partition_end = BYTES // SECTOR - 2048
    call("sgdisk", "--clear", "--new=1:%d:%d" % (PARTITION_AT, partition_end - 1), "--typecode=1:ef00", path)
    inside = "%s@@%d" % (path, PARTITION_AT * SECTOR)
    call("mformat", "-i", inside, "-F", "-T", str(partition_end - PARTITION_AT), "::")
    call("mmd", "-i", inside, "::/EFI", "::/EFI/BOOT")
    call("mcopy", "-i", inside, program, "::/EFI/BOOT/BOOTX64.EFI")
    with open(path, "r+b") as f:
        for lba, data in dict(sectors).items():
            f.seek(lba * SECTOR)
            f.write(data)
