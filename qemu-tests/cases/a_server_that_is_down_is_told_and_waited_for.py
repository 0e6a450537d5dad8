# SPDX-License-Identifier: BSD-2-Clause-Patent
"""rilld is not there; the machine says so, tries again by itself, and boots when rilld comes."""
import re

LIMIT = 180


def run(t):
    t.cable()
    t.dnsmasq()
    h = t.host()
    h.wait_for(r"again in \d+ s", 90)
    t.expect_golden("server_down", re.sub(r"again in (?s:.*)", "again in TIME", h.text))
    t.server()
    h.wait_for(r"starting the operating system after", 70)
    h.wait_end(10)
    t.token()
