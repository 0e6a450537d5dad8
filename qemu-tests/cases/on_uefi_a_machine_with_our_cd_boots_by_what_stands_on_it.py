# SPDX-License-Identifier: BSD-2-Clause-Patent
"""rill.iso is a CD, patched by rill-config: the machine's only medium, and the only one to know server and disk."""
import medium

LIMIT = 240


def run(t):
    medium.expect_boot(t, "rill.iso", "ide-cd")
