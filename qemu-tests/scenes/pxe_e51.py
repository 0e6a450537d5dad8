# SPDX-License-Identifier: BSD-2-Clause-Patent
"""No DHCP server answers Rill."""
import picture

LIMIT = 180


def run(t):
    picture.take(t, "pxe_e51", more=["--dhcp-ignore=tag:rill"])
