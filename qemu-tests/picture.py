# SPDX-License-Identifier: BSD-2-Clause-Patent
"""A picture of a machine's screen, and what stands on it.

    take(t, "rill_e05", more=[...])     a BIOS machine boots rill.kpxe, and Rill, whom dnsmasq tells by its user class, is told
                                        what `more` says; it cannot boot, and its screen is shot. tftp=tftp.Atftpd: who serves
                                        the file. The machine is returned
    failed(t, m, "rill_e05")            the same of a machine that has failed just now
    shot(t, m, "boot_menu")             of a machine that stands still until it is done: its screen, from Rill's first line on, is
                                        golden/screen_boot_menu.txt, and docs/pictures/boot_menu.png when PICTURES=write;
                                        since="...": from the last line that begins so; whole="...": what must stand on it, or
                                        it is looked at again: a line that changes may be in the middle of it

A BIOS's text is read out of the card's memory, so it is what the picture shows, to the letter; a picture alone would not be
noticed when it is wrong. A UEFI machine paints its letters: there it is what a terminal at the serial port shows (terminal.py).
"""
import os
import re

import terminal
from machine import Failed

COLUMNS, ROWS, TEXT_AT = 80, 25, 0xB8000
EFI_COLUMNS, EFI_ROWS = 100, 31
PICTURES = "docs/pictures"
FOR_RILL = ["--dhcp-userclass=set:rill,Rill"]
SECONDS = [(r"\b\d+ s\b", "TIME")]


def screen(m):
    """The lines of a BIOS's text screen."""
    data = m.monitor.memory(TEXT_AT, COLUMNS * ROWS * 2)[::2]
    rows = (data[at:at + COLUMNS].decode("cp437").replace("\0", " ") for at in range(0, COLUMNS * ROWS, COLUMNS))
    return "\n".join(row.rstrip() for row in rows)


def line(m):
    """The lines that a terminal at its serial port shows, which are a UEFI's screen as well."""
    with open(m.folder + "/serial.log", "rb") as f:
        return terminal.shown(f.read(), EFI_ROWS, EFI_COLUMNS)


def last(text, since):
    """From the last line on that begins so, if there is one."""
    found = [match.start() for match in re.finditer("(?m)^(?:%s)" % since, text)]
    return text[found[-1] if found else 0:].rstrip()


def dump(m, path):
    """The screen as PNG, by QEMU itself."""
    told = m.monitor.ask('screendump "%s" -f png' % os.path.abspath(path))
    with open(path, "rb") as f:
        if f.read(8) != b"\x89PNG\r\n\x1a\n":
            raise Failed("QEMU wrote no PNG: " + told)


def still(m, since, whole, read):
    """What stands on the screen of a machine that stands still from now on."""
    for _ in range(20):
        m.monitor.ask("stop")                   # a second is shown and counted
        m.pump(0)                               # what it has said until then is in serial.log
        text = last(read(m), since)
        if re.search(whole, text):
            return text
        m.monitor.ask("cont")
        m.pump(0.02)
    raise Failed("the screen never shows /%s/, but:\n%s" % (whole, text))


def shot(t, m, name, since=r"Rill \d", masks=(), read=screen, whole=""):
    text = still(m, since, whole, read)
    if os.environ.get("PICTURES") == "write":
        os.makedirs(PICTURES, exist_ok=True)
        dump(m, "%s/%s.png" % (PICTURES, name))
    t.expect_golden("screen_" + name, text, masks)
    m.monitor.ask("cont")
    return text


def failed(t, m, name, seconds=120):
    """How much of what was before a failure is on its screen, its packets say; so it is looked at from step `link` on."""
    m.wait_for(r"failed: could not boot\n(?s:.*)in \d+ s, Esc gives the machine back  ", seconds)
    shot(t, m, name, since="link: ", masks=SECONDS)


def take(t, name, boot_file=None, tftp=None, **dnsmasq):
    cable = t.cable()
    more = FOR_RILL + ["--dhcp-boot=tag:!rill,rill.kpxe"] + (["--dhcp-boot=tag:rill," + boot_file] if boot_file else [])
    t.dnsmasq(boot_file=None, more=more + list(dnsmasq.pop("more", ())), tftp=tftp is None, **dnsmasq)
    if tftp:
        tftp(t)
    m = t.machine([cable.card(more=",bootindex=0")], memory_mib=64)
    failed(t, m, name)
    return m
