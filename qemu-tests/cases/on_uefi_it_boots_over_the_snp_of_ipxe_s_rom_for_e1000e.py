# SPDX-License-Identifier: BSD-2-Clause-Patent
"""OVMF has no driver for e1000e. The card's ROM has: iPXE's, whose SNP is another than VirtioNetDxe's, below OVMF's own PXE."""
import blocks

LIMIT = 240


def run(t):
    blocks.expect_all(t, "e1000e", ",bootindex=0")
