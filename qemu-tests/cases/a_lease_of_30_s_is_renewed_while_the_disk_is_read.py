# SPDX-License-Identifier: BSD-2-Clause-Patent
"""70 seconds of reads and writes, each byte of which is checked in the guest, while dhcpd's lease lasts 30 seconds."""
import soak

LIMIT = 180


def run(t):
    soak.short_lease(t, "virtio-net-pci", soak.long(70))
