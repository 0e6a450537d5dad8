# SPDX-License-Identifier: BSD-2-Clause-Patent
"""rill.iso in BIOS machines whose card we have no driver for, but whose stock ROM is there: its UNDI is loaded, and the streamed
disk boots over it."""
import medium

LIMIT = 420
CARDS = (("rtl8139", "10ec:8139"), ("pcnet", "1022:2000"), ("ne2k_pci", "10ec:8029"), ("vmxnet3", "15ad:07b0"))


def run(t):
    secret = medium.serve(t)
    for nic, ids in CARDS:
        medium.boot(t, secret, "rill.iso", "ide-cd", nic=nic, named="undi " + ids, firmware="bios", rom="")
