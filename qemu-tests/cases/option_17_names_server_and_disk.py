# SPDX-License-Identifier: BSD-2-Clause-Patent
"""dnsmasq says rill://SERVER/DISK as the root path; the server has no default disk, so only that name can have worked."""


def run(t):
    t.cable()
    t.dnsmasq(root_path="rill://10.99.0.1/debian")
    t.server(default=None)
    t.expect_boot(t.machine())
