# SPDX-License-Identifier: BSD-2-Clause-Patent
"""rill.iso and rill.img in BIOS machines whose cards have no ROM: each card by our own driver, in each of virtio's ages."""
import medium

LIMIT = 300
STICK, CD = ("rill.img", "usb-storage", "-device", "qemu-xhci"), ("rill.iso", "ide-cd")
MACHINES = ((CD, "virtio-net-pci", "virtio-net"), (STICK, "virtio-net-pci,disable-modern=on", "virtio-net"),
            (CD, "virtio-net-pci,disable-legacy=on", "virtio-net"), (STICK, "e1000", "e1000"), (CD, "e1000e", "e1000e"),
            (("rill.img", "virtio-blk-pci"), "virtio-net-pci", "virtio-net"))


def run(t):
    secret = medium.serve(t)
    for words, nic, named in MACHINES:
        medium.boot(t, secret, *words, nic=nic, named=named, firmware="bios")
