# SPDX-License-Identifier: BSD-2-Clause-Patent
"""GRUB 2 between MBR and a FAT partition, `linux` and `initrd`: the kernel starts in 32-bit mode and asks no BIOS."""
from loaders import disks

LIMIT = 150


def run(t):
    system, path = disks.System(), t.folder + "/disk.img"
    disks.grub_disk(path, system, "linux")
    told = disks.boot(t, path, system)
    t.expect(told["edd drives"] == "", "the kernel's real-mode part has run: %s" % told)
