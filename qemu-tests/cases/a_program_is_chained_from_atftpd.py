# SPDX-License-Identifier: BSD-2-Clause-Patent
"""A program for a BIOS and one of 3 MiB for UEFI, filled with bytes of this moment, come by Rill's TFTP from atftpd,
and say their CRC."""
import tftp

LIMIT = 240


def run(t):
    tftp.expect_chained(t, tftp.Atftpd)
