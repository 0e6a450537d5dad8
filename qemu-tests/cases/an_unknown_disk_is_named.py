# SPDX-License-Identifier: BSD-2-Clause-Patent
"""DHCP names a disk that the server does not have."""


def run(t):
    t.cable()
    t.dnsmasq(root_path="rill://10.99.0.1/windows-95")
    t.server()
    h = t.host("--once")
    h.wait_end(30, good=(1,))
    t.expect_golden("unknown_disk", h.text)
