# SPDX-License-Identifier: BSD-2-Clause-Patent
"""A boot sector's reads by AH=42h and AH=02h, odd buffers, CRCs against the host's; the stock ROM of virtio, 1af4:1000."""


def run(t):
    t.expect_payload("virtio-net-pci,disable-legacy=off,disable-modern=off")
