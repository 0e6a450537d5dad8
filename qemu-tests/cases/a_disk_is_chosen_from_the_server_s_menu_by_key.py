# SPDX-License-Identifier: BSD-2-Clause-Patent
"""rilld's menu of two disks, on a BIOS and on UEFI: the second is chosen by key and boots; then nobody presses one, and after
the server's time the marked one boots."""
import bootmenu
import secretdisk

LIMIT = 240
MENU = ["--menu", "first=The first disk", "--menu", "second=Another disk", "--menu-wait"]


def machine_at_menu(t, firmware):
    cable = t.cable(len(t.cables))
    rom = ",romfile=" if firmware == "efi" else ""
    m = t.machine([cable.card(more=",bootindex=0" + rom)], firmware=firmware)
    m.wait_for(r"> 1 The first disk\s(?s:.*?)2 Another disk\s", 120)
    return m


def expect(t, m, secret, firmware):
    if firmware == "bios":
        secretdisk.expect_by_bios(t, m, secret)
    else:
        secretdisk.expect(t, m, secret)
        m.stop()


def run(t):
    disks = {name: "%s/%s.img" % (t.folder, name) for name in ("first", "second")}
    secrets = {name: secretdisk.make(path) for name, path in disks.items()}
    t.dnsmasq(efi_file="rill.efi")
    t.server(disks, default=None, more=MENU + ["20"])
    for firmware in ("bios", "efi"):
        m = machine_at_menu(t, firmware)
        bootmenu.press(m, "2", "ret")
        m.wait_for(r"disk menu: Another disk \(second\)", 20)
        expect(t, m, secrets["second"], firmware)
    m = machine_at_menu(t, "bios")
    expect(t, m, secrets["first"], "bios")
