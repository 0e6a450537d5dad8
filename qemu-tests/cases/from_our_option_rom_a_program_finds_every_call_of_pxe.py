# SPDX-License-Identifier: BSD-2-Clause-Patent
"""A program that our option ROM starts finds PXE in all four ways, and calls every opcode by both conventions, over and over.
What each answers is what docs/pxe-api.md promises; no call changes a register, a flag or a byte that is not its own. It is
replaced by itself, gives everything back, and the BIOS goes on with the next device."""
import os

import medium
import nbp
import nbpcalls
import optionrom

LIMIT = 120
DATA_BYTES = 5 * 1456 + 632


def run(t):
    data = os.urandom(DATA_BYTES)
    path = nbp.make(t.folder)
    with open(t.folder + "/" + nbpcalls.DATA, "wb") as f:
        f.write(data)
    cable = t.cable()
    t.dnsmasq(boot_file="nbp.0", files=[path, t.folder + "/" + nbpcalls.DATA])
    word, disk = medium.next_device(t)
    m = nbp.machine(t, [optionrom.card(t, cable, "e1000")], disk)
    n = nbp.Nbp(t, m, path)
    nbpcalls.expect_every_opcode(t, n, cable, optionrom.IDS["e1000"], data)
    nbpcalls.expect_restart(n, "nbp.0")
    nbpcalls.expect_end(n)
    n.leave()
    m.wait_for(r"next: " + word, 30)
