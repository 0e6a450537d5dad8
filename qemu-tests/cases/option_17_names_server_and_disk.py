# SPDX-License-Identifier: BSD-2-Clause-Patent
"""dnsmasq says rill://SERVER/DISK as the root path; the server has no default disk, so only that name can have worked."""

LIMIT = 120


def run(t):
    t.cable()
    t.dnsmasq(root_path="rill://10.99.0.1/debian")
    t.server(default=None, disks={"debian": t.disk, "other": t.disk})
    m = t.machine()
    m.wait_for(r"plan: option 17", 60)
    m.wait_for(r"disk debian, \d+ MiB", 30)
    m.wait_for(r"GRUB: loading the initrd", 60)
    t.token()
