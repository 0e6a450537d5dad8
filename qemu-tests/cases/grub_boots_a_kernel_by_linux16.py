# SPDX-License-Identifier: BSD-2-Clause-Patent
"""GRUB 2, `linux16` and `initrd16`, from a disk of 3 TiB: the kernel's real-mode part runs and asks for EDD, whose number of
sectors has more than 32 bits."""
import os

from loaders import disks

LIMIT = 150


def run(t):
    system, path = disks.System(), t.folder + "/disk.img"
    disks.grub_disk(path, system, "linux16")
    os.truncate(path, 3 << 40)
    try:
        disks.expect_edd(t, path, disks.boot(t, path, system))
    finally:
        os.truncate(path, 0)                    # who collects what a failure leaves need not read 3 TiB of zeros
