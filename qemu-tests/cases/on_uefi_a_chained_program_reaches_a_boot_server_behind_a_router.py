# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The other program comes from a server of another subnet, and fetches its file from there by the firmware's PXE, which
no call but its own DHCP tells the router."""
import efiboot
import network

LIMIT = 240


def run(t):
    network.ip("addr", "add", "10.99.1.1/32", "dev", "br0")
    efiboot.expect_chained(t, "virtio-net-pci", ",romfile=,bootindex=0", "003000", driver="snp", server="10.99.1.1")
