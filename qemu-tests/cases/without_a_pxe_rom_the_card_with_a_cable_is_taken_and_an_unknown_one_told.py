# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Of two cards our CD takes the one with a cable, on a BIOS as on UEFI; with one that we have no driver for it says so in words,
and the BIOS goes on with its next device."""
import medium

LIMIT = 120


def run(t):
    secret = medium.serve(t)
    for pulled, nic, named in (("e1000", "virtio-net-pci", "virtio-net"), ("virtio-net-pci", "e1000", "e1000")):
        medium.boot(t, secret, "rill.iso", "ide-cd", nic=nic, named=named, pulled=pulled, firmware="bios")
    word, more = medium.next_device(t)
    m, _ = medium.machine(t, "rill.iso", "ide-cd", *more, nic="rtl8139", firmware="bios")
    m.wait_for(r"RILL-E09: there is no card that we can drive ourselves: virtio-net, Intel 82540EM and 82574L", 60)
    m.wait_for(r"next: %s\s" % word, 60)
    t.token()
