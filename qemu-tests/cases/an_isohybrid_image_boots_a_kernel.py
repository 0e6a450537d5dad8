# SPDX-License-Identifier: BSD-2-Clause-Patent
"""A CD image made as Debian's installer images are, xorriso's isohybrid with isolinux, is streamed as a hard disk."""
from loaders import disks

LIMIT = 150


def run(t):
    system, path = disks.System(), t.folder + "/hybrid.iso"
    disks.iso(path, system, hybrid=True)
    disks.expect_edd(t, path, disks.boot(t, path, system))
