# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Random reads and writes, each byte of which is checked in the guest; the lease is renewed every 15 seconds or so."""
import soak

LIMIT = 480


def run(t):
    soak.short_lease(t, "e1000", soak.long(300))
