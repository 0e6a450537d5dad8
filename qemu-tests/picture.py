# SPDX-License-Identifier: BSD-2-Clause-Patent
"""A picture of a BIOS machine's screen, and what stands on it.

    take(t, "rill_e05", more=[...])     a machine boots rill.kpxe, and Rill, whom dnsmasq tells by its user class, is told what
                                        `more` says; it cannot boot. Its screen is golden/screen_rill_e05.txt, and
                                        docs/pictures/rill_e05.png when PICTURES=write. tftp=tftp.Atftpd: who serves the file

The text is read out of the card's memory, so it is what the picture shows, to the letter; a picture alone would not be noticed
when it is wrong.
"""
import os
import re

from machine import Failed

COLUMNS, ROWS, TEXT_AT = 80, 25, 0xB8000
PICTURES = "docs/pictures"
FOR_RILL = ["--dhcp-userclass=set:rill,Rill"]


def screen(m):
    """The lines of the text screen, from Rill's first one on if that is still there."""
    data = m.monitor.memory(TEXT_AT, COLUMNS * ROWS * 2)[::2]
    rows = [data[at:at + COLUMNS].decode("cp437").replace("\0", " ").rstrip() for at in range(0, COLUMNS * ROWS, COLUMNS)]
    ours = [n for n, row in enumerate(rows) if re.match(r"Rill \d", row)]
    return "\n".join(rows[ours[-1] if ours else 0:])


def dump(m, path):
    """The screen as PNG, by QEMU itself."""
    told = m.monitor.ask('screendump "%s" -f png' % os.path.abspath(path))
    with open(path, "rb") as f:
        if f.read(8) != b"\x89PNG\r\n\x1a\n":
            raise Failed("QEMU wrote no PNG: " + told)


def take(t, name, until=r"again in \d+ s", seconds=120, boot_file=None, tftp=None, **dnsmasq):
    cable = t.cable()
    more = FOR_RILL + ["--dhcp-boot=tag:!rill,rill.kpxe"] + (["--dhcp-boot=tag:rill," + boot_file] if boot_file else [])
    t.dnsmasq(boot_file=None, more=more + list(dnsmasq.pop("more", ())), tftp=tftp is None, **dnsmasq)
    if tftp:
        tftp(t)
    m = t.machine([cable.card(more=",bootindex=0")], memory_mib=64)
    m.wait_for(until, seconds)
    m.monitor.ask("stop")                       # a second is shown and counted
    dump(m, t.folder + "/screen.png")
    text = re.sub(r"again in \d+ s", "again in TIME", screen(m))
    t.expect_golden("screen_" + name, text)
    if os.environ.get("PICTURES") == "write":
        os.makedirs(PICTURES, exist_ok=True)
        os.replace(t.folder + "/screen.png", "%s/%s.png" % (PICTURES, name))
