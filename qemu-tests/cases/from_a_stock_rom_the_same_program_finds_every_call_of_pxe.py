# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The program of `from_our_option_rom_a_program_finds_every_call_of_pxe` works with the PXE of QEMU's own ROM, too, so it asks
for nothing that only we do; what that answers otherwise is known, and is golden."""
import os

import medium
import nbp
import nbpcalls
import optionrom

LIMIT = 200
DATA_BYTES = 5 * 1456 + 632


def run(t):
    data = os.urandom(DATA_BYTES)
    path = nbp.make(t.folder)
    with open(t.folder + "/" + nbpcalls.DATA, "wb") as f:
        f.write(data)
    cable = t.cable()
    t.dnsmasq(boot_file="nbp.0", files=[path, t.folder + "/" + nbpcalls.DATA])
    word, disk = medium.next_device(t)
    m = nbp.machine(t, [cable.card("e1000", ",bootindex=0")], disk)
    n = nbp.Nbp(t, m, path, others=[])
    nbpcalls.expect_every_opcode(t, n, cable, optionrom.IDS["e1000"], data)
    nbpcalls.expect_restart(n, "nbp.0")
    nbpcalls.expect_end(n)
    n.leave()
    m.wait_for(r"next: " + word, 30)
    t.expect_golden("pxe_of_a_stock_rom", "\n".join(n.others))
