# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Random reads and writes of random sizes; the guest checks each byte, register, tick and all memory. A full overlay, too.
`make soak` does the same for 20 minutes."""
import soak

LIMIT = 180


def run(t):
    soak.reads_and_writes(t, "virtio-net-pci", 36)
