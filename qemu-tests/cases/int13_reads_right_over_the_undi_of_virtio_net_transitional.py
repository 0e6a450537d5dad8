# SPDX-License-Identifier: BSD-2-Clause-Patent
"""A boot sector's reads by AH=42h and AH=02h, odd buffers, CRCs against the host's; virtio as it is by default, 1af4:1000."""


def run(t):
    t.expect_payload("virtio-net-pci")
