# SPDX-License-Identifier: BSD-2-Clause-Patent
"""syslinux' MBR, boot sector and ldlinux.sys from a FAT partition; it runs the kernel's real-mode part, so EDD is asked, too."""
from loaders import disks

LIMIT = 150


def run(t):
    system, path = disks.System(), t.folder + "/disk.img"
    disks.syslinux_disk(path, system)
    disks.expect_edd(t, path, disks.boot(t, path, system))
