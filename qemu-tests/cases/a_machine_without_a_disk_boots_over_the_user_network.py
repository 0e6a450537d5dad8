# SPDX-License-Identifier: BSD-2-Clause-Patent
"""`make run` as it is, without a terminal: QEMU's own DHCP and TFTP, which can say no more than a boot file."""

LIMIT = 360


def run(t):
    t.expect_run()
