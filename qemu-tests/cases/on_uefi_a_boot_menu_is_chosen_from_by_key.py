# SPDX-License-Identifier: BSD-2-Clause-Patent
"""dnsmasq's menu on UEFI, where it is a golden screen, too; its entry of type 0 gives the machine to the next boot device."""
import bootmenu
import picture

LIMIT = 240


def run(t):
    cable = t.cable()
    m = bootmenu.machine_at_prompt(t, cable, "efi")
    bootmenu.press(m, "f8")
    bootmenu.wait_menu(m, 1)
    m.send("\33[B")
    bootmenu.wait_menu(m, 2)
    bootmenu.press(m, "3")
    bootmenu.wait_menu(m, 3)
    bootmenu.press(m, "f2")
    m.wait_for(r"the last packets(?s:.*)10\.99\.0\.\d+ by 10\.99", 10)
    bootmenu.press(m, "spc")
    bootmenu.wait_menu(m, 3)
    bootmenu.press(m, "up")
    bootmenu.wait_menu(m, 2)
    picture.shot(t, m, "uefi_boot_menu", masks=picture.SECONDS, read=picture.line)
    bootmenu.press(m, "end", "ret")
    m.wait_for(r"local boot: the machine goes on with its next boot device\nPXE-M0F: Exiting PXE ROM\.", 20)
    m.wait_for(r"failed to (start|load) Boot\d+ ", 30)
    t.token()
