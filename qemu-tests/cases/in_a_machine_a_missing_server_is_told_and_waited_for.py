# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The same as on rill-host, on the real screen: rilld is not there, the machine says so, and starts GRUB when it comes."""
import re

LIMIT = 150
WAITS = True


def run(t):
    t.cable()
    t.dnsmasq()
    m = t.machine()
    m.wait_for(r"again in \d+ s", 90)
    t.expect_golden("machine_server_down", re.sub(r"again in (?s:.*)", "again in TIME", m.text))
    t.server()
    m.wait_for(r"GRUB: starting the kernel", 60)
    t.token()
