# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The same from an ext4 partition, into which Debian's extlinux has installed itself in a machine that had the disk."""
from loaders import disks

LIMIT = 150


def run(t):
    system, path = disks.System(), t.folder + "/disk.img"
    disks.extlinux_disk(path, system)
    disks.expect_edd(t, path, disks.boot(t, path, system))
