# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Two cards in the same network; the machine is started from the second, and the first never hears of Rill."""
import pcap


def run(t):
    first, second = t.cable(0), t.cable(1)
    t.dnsmasq(root_path="rill://10.99.0.1/debian")
    t.server()
    m = t.machine(cards=[first.card(more=",rombar=0"), second.card(more=",bootindex=0")])
    t.expect_boot(m, card=1)
    first.stop()
    seen = pcap.summary(first.pcap)
    t.expect(not seen["types"]["Tlogin"] and not seen["types"]["Tread"], "the other card carried %s" % dict(seen["types"]))
