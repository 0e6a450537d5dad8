# SPDX-License-Identifier: BSD-2-Clause-Patent
"""e1000 by its UNDI alone. A program that Rill chains finds the firmware's own network again, over the SNP of the same ROM, and
fetches a text by it that was made up a moment ago."""
import efiboot

LIMIT = 240


def run(t):
    efiboot.expect_chained(t, "e1000", ",bootindex=0", "003001", driver="undi")
