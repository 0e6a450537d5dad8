# SPDX-License-Identifier: BSD-2-Clause-Patent
"""With --policy next, Rill in the ROM says that there is no cable, and gives the machine back; the BIOS starts its next
device. So it does after Esc. In the end the first MiB and the memory map are as if there had been no ROM."""
import os

import optionrom

LIMIT = 150


def run(t):
    rom = optionrom.product(t.folder, "8086:100e", "--policy", "next", "--link-wait", "5")
    cable, disk = t.cable(), optionrom.map_disk(t.folder, 1)
    t.dnsmasq(boot_file=None, root_path="rill://10.99.0.1/nothing")

    def machine(rom):
        return t.machine([cable.card("e1000", ",bootindex=0,romfile=" + rom)], disk)

    m = machine("")
    without = optionrom.at_map_disk(m)
    m.stop()
    for pulled in (True, False):
        m = machine(rom)
        if pulled:
            while not os.path.exists(m.folder + "/monitor") and m.age() < 20:
                m.pump(0.1)
            m.link("net0", False)
            m.wait_for(r"PXE-E61", 60)
        else:
            m.wait_for(r"logging in to ", 60)
            m.send("\33")
        after = optionrom.at_map_disk(m)
        optionrom.expect_no_trace(t, optionrom.in_upper_memory(m), without, after)
        m.stop()
