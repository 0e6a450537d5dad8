# SPDX-License-Identifier: BSD-2-Clause-Patent
"""rill-config writes a URI into rill.kpxe, and that is what the machine boots: the server has no default disk."""
import subprocess

from network import OUT

LIMIT = 120


def run(t):
    t.cable()
    t.dnsmasq()
    done = subprocess.run([OUT + "/rill-config", t.folder + "/tftp/rill.kpxe", "--uri", "rill://10.99.0.1/debian"])
    t.expect(done.returncode == 0, "rill-config failed")
    t.server(default=None, disks={"debian": t.disk, "other": t.disk})
    m = t.machine()
    m.wait_for(r"disk debian, \d+ MiB", 60)
    m.wait_for(r"GRUB: loading the initrd", 60)
    t.token()
