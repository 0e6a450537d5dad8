# SPDX-License-Identifier: BSD-2-Clause-Patent
"""DHCP gives an address and nothing to boot."""
import picture

LIMIT = 180


def run(t):
    picture.take(t, "pxe_e53")
