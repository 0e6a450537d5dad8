# SPDX-License-Identifier: BSD-2-Clause-Patent
"""e1000, whose ROM (iPXE's) offers SNP and UNDI 3.1: the configuration block demands the UNDI. It carries the whole boot, SNP is
never called, and all that Block IO is asked is answered as over SNP."""
import blocks

LIMIT = 240


def run(t):
    blocks.expect_all(t, "e1000", ",bootindex=0", driver="undi")
