# SPDX-License-Identifier: BSD-2-Clause-Patent
"""dnsmasq's menu on a BIOS, by keyboard and by serial port in turn: prompt, menu, packets by F2, and the menu again are golden
screens; so is the progress of the program that was chosen, at 1 Mbit/s. A terminal at the serial port sees the same."""
import os

import bootmenu
import picture
import terminal
import tftp

LIMIT = 180
MENU = "Boot menu of"


def expect_same_on_the_line(t, m, text):
    with open(m.folder + "/serial.log", "rb") as f:
        seen = picture.last(terminal.shown(f.read()), MENU)
    right = picture.last(text, MENU)
    t.expect(seen == right, "the screen has\n%s\nthe serial line\n%s" % (right, seen))


def run(t):
    cable = t.cable(rate=1)
    os.makedirs(t.folder + "/tftp")
    crc = tftp.bios_program(t.folder + "/tftp")
    os.rename(t.folder + "/tftp/crc.bin", t.folder + "/tftp/crc.0")        # a name without a dot gets dnsmasq's
    m = bootmenu.machine_at_prompt(t, cable, "bios")
    picture.shot(t, m, "boot_prompt", masks=picture.SECONDS)
    bootmenu.press(m, "f8")
    bootmenu.wait_menu(m, 1)
    m.send("\33[B")
    bootmenu.wait_menu(m, 2)
    expect_same_on_the_line(t, m, picture.shot(t, m, "boot_menu", masks=picture.SECONDS))
    m.send("\33OQ")                             # F2
    m.wait_for(r"the last packets(?s:.*)10\.99\.0\.\d+ by 10\.99", 10)
    bootmenu.press(m, "f2")
    bootmenu.wait_menu(m, 2)
    bootmenu.press(m, "3")
    bootmenu.wait_menu(m, 3)
    m.send("2")
    bootmenu.wait_menu(m, 2)
    expect_same_on_the_line(t, m, picture.shot(t, m, "boot_menu_packets", since="the last packets"))
    bootmenu.press(m, "ret")
    m.wait_for(r"\d+ of 300 KB, \d+ %", 60)
    progress = r"\d+ of 300 KB, \d+ %"
    picture.shot(t, m, "progress", since="boot menu: ", whole=progress, masks=[(progress, "N of 300 KB, N %")])
    tftp.expect_program(t, m, cable, "crc.0", crc)
