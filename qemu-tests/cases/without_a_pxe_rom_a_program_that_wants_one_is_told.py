# SPDX-License-Identifier: BSD-2-Clause-Patent
"""DHCP names another program to a BIOS machine that our CD has started: without a ROM there is no API for it, which is said."""
import medium

LIMIT = 60


def run(t):
    path = t.folder + "/other.0"
    with open(path, "wb") as f:
        f.write(b"\xf4" * 700)
    t.dnsmasq(boot_file="other.0", files=[path])
    m, _ = medium.machine(t, "rill.iso", "ide-cd", uri=None, firmware="bios")
    m.wait_for(r"PXE-EC8: !PXE structure was not found", 60)
    m.wait_for(r"other\.0 needs the API of a PXE ROM, and no ROM has started this machine", 10)
    t.token()
