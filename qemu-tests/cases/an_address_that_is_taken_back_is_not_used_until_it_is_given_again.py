# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The DHCP server answers a renewal with a NAK: nothing is read with that address any more, what GRUB wants waits, and when the
server gives it again all is read, and right."""
import grubmenu

LIMIT = 300
WAITS = True


def run(t):
    grubmenu.expect_nak(t, "bios")
