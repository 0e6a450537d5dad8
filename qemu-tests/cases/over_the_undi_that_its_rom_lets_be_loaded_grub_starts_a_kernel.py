# SPDX-License-Identifier: BSD-2-Clause-Patent
"""rill.iso in a BIOS machine whose rtl8139 has its stock ROM: GRUB reads a kernel over the UNDI loaded from there, with what that
has taken of memory reserved, and Linux starts."""
import medium
from loaders import disks

LIMIT = 300


def run(t):
    system, path = disks.System(), t.folder + "/disk.img"
    disks.grub_disk(path, system, "linux")
    t.dnsmasq(boot_file=None)
    t.server({"loader": path}, "loader")
    m, _ = medium.start(t, "rill.iso", "ide-cd", uri="rill://10.99.0.1/loader", nic="rtl8139", named="undi 10ec:8139",
                        firmware="bios", rom="")
    m.wait_for(r"guest: token %s\n" % system.token, 240)
    t.token()
    m.wait_end(30)
