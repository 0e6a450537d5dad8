# SPDX-License-Identifier: BSD-2-Clause-Patent
"""A seventh of an hour of floods, silence, pulled cables and pauses; after each it reads on. This card's stock ROM."""
import soak

LIMIT = 900


def run(t):
    soak.overload(t, "rtl8139", soak.long(515))
