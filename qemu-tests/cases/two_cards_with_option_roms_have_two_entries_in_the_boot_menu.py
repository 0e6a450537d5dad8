# SPDX-License-Identifier: BSD-2-Clause-Patent
"""SeaBIOS's boot menu names each card with its place on the PCI bus, and the one that is chosen is the one that is started."""
import re

import optionrom

LIMIT = 90


def run(t):
    stub = optionrom.Stub(t.folder)
    rom = optionrom.make(t.folder, "1af4:1000", stub.path)
    cards = [t.cable(n).card(more=",addr=%d,romfile=%s" % (5 + n, rom)) for n in range(2)]
    m = t.machine(cards, ["-boot", "menu=on,splash-time=60000"])
    optionrom.bios_says(m, "Press ESC for boot menu", 30)
    m.monitor.ask("sendkey esc")
    optionrom.bios_says(m, "00:06.0)", 30)
    menu = re.search(r"(?s)(Select boot device:.*?00:06\.0\)\n)", optionrom.bios_log(m)).group(1)
    t.expect_golden("boot_menu_of_two_roms", menu)
    m.monitor.ask("sendkey 3")
    stub.expect(t, m, "0030")
