# SPDX-License-Identifier: BSD-2-Clause-Patent
"""DHCP names another program to a BIOS machine that our CD has started, whose card has no ROM: it finds our API by both its
entries, and when it returns the BIOS goes on with its next device, though it has left zeros in all memory below it,
where what the BIOS had loaded of the CD was."""
import medium
from dosdisk import assemble

LIMIT = 90


def run(t):
    path = t.folder + "/returns.0"
    assemble("returns", path, "-DWIPES")
    word, more = medium.next_device(t)
    t.dnsmasq(boot_file="returns.0", files=[path])
    m, _ = medium.machine(t, "rill.iso", "ide-cd", *more, uri=None, firmware="bios")
    said = m.wait_for(r"returns: 12 \w{4} 1a (\w{4}) bang (\w{4}) (\w{4}) env (\w{4}) (\w{4})\s", 60).groups()
    t.expect(said == ("564e", "0000", "0000", "0000", "0000"), "its calls gave %s" % (said,))
    m.wait_for(r"returns: back", 10)
    m.wait_for("next: " + word, 30)
    t.token()
