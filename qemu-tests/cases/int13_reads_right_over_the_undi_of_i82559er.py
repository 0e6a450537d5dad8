# SPDX-License-Identifier: BSD-2-Clause-Patent
"""A boot sector's reads by AH=42h and AH=02h, odd buffers, CRCs against the host's; this card's stock ROM."""


def run(t):
    t.expect_payload("i82559er")
