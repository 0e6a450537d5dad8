# SPDX-License-Identifier: BSD-2-Clause-Patent
"""DHCP names a file that the TFTP server does not have. That is atftpd, whose words do not hold a path of ours."""
import picture
import tftp

LIMIT = 180


def run(t):
    picture.take(t, "pxe_e3b", boot_file="boot/missing.0", tftp=tftp.Atftpd)
