# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Random reads and writes, the network bad in five ways; from the tenth minute on the overlay is full."""
import soak

LIMIT = 1500


def run(t):
    soak.reads_and_writes(t, "virtio-net-pci", soak.long(1200))
