# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The boot file that Rill is given is another program: it comes by our TFTP, is loaded by the firmware, and finds the firmware's
PXE in the state of having fetched it, by which it fetches a text that was made up a moment ago. What it spoils is put right when
it comes back."""
import efiboot

LIMIT = 180


def run(t):
    efiboot.expect_chained(t, "virtio-net-pci", ",romfile=,bootindex=0", "003000")
