# SPDX-License-Identifier: BSD-2-Clause-Patent
"""DHCP says nothing but the boot file's name: the machine asks whoever gave it, and rilld gives its default disk."""


def run(t):
    t.cable()
    t.dnsmasq()
    t.server({"other": t.disk, "debian": t.disk}, default="debian")
    t.expect_boot(t.machine())
    logins = [line for line in t.servers[0].lines() if line.get("event") == "login" and line.get("disk") == "debian"]
    t.expect(logins, "rilld's log does not say that it gave the disk debian")
