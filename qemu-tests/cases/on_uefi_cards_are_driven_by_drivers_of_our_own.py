# SPDX-License-Identifier: BSD-2-Clause-Patent
"""rill.img in UEFI machines whose firmware has no driver for the card, and in ones where ours is taken all the same.

OVMF has none for Intel's cards when their ROM is taken away; for virtio-net it has, and must let go.
"""
import medium

LIMIT = 300
CARDS = (("e1000", "any", "e1000"), ("e1000e", "any", "e1000e"), ("virtio-net-pci", "any", "virtio-net"),
         ("virtio-net-pci,disable-modern=on", "own", "virtio-net"), ("virtio-net-pci,disable-legacy=on", "own", "virtio-net"))


def run(t):
    secret = medium.serve(t)
    for nic, driver, named in CARDS:
        medium.boot(t, secret, "rill.img", "usb-storage", "-device", "qemu-xhci", nic=nic, driver=driver, named=named)
