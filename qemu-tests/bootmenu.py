# SPDX-License-Identifier: BSD-2-Clause-Patent
"""dnsmasq's own boot menu, for whoever is Rill.

    m = machine_at_prompt(t, cable, "bios")         a machine that counts down and waits for F8; or "efi"
    press(m, "f8", "down")                          at its keyboard, in QEMU's names of keys
    wait_menu(m, 2)                                 until the menu has been drawn with this entry marked
"""
import picture

PROMPT_S = 60
KINDS = {"bios": ("rill.kpxe", "x86PC", "", 64), "efi": ("rill.efi", "X86-64_EFI", ",romfile=", 512)}
OTHERS = r"(?:  \d [^\n]*\n)*"


def machine_at_prompt(t, cable, firmware):
    ours, kind, rom, memory_mib = KINDS[firmware]
    entries = ["Memory test,missing", "Install Debian,crc", "Boot from the local disk,0"]
    t.dnsmasq(boot_file=ours, more=picture.FOR_RILL + ["--pxe-prompt=tag:rill,Press F8 for the boot menu,%d" % PROMPT_S] + [
        "--pxe-service=tag:rill,%s,%s" % (kind, entry) for entry in entries])
    m = t.machine([cable.card(more=",bootindex=0" + rom)], memory_mib=memory_mib, firmware=firmware)
    m.wait_for(r"Press F8 for the boot menu \d+ s  ", 120)
    return m


def press(m, *keys):
    for key in keys:
        m.monitor.ask("sendkey " + key)


def wait_menu(m, marked):
    m.wait_for(r"Boot menu of 10\.99\.0\.1\n%s> %d [^\n]*\n%sUp, Down[^\n]*Esc ends\. +\n" % (OTHERS, marked, OTHERS), 10)
