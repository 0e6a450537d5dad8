# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The program of `from_our_option_rom_a_program_finds_every_call_of_pxe` works with the PXE of QEMU's own ROM, too, so it asks
for nothing that only we do; what that answers otherwise is known, and is golden."""
import nbpcalls

LIMIT = 200


def run(t):
    n = nbpcalls.expect_all(t, lambda cable: cable.card("e1000", ",bootindex=0"), others=[])
    t.expect_golden("pxe_of_a_stock_rom", "\n".join(n.others))
