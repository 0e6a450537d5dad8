# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The boot file that Rill is given is another program: it comes by our TFTP, is loaded by the firmware, and the network it finds
is the firmware's own again, over which it fetches a file that was made up a moment ago."""
import efiboot

LIMIT = 180


def run(t):
    efiboot.expect_chained(t, "virtio-net-pci", ",romfile=,bootindex=0", "003000")
