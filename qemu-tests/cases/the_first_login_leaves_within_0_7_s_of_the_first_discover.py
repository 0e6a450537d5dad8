# SPDX-License-Identifier: BSD-2-Clause-Patent
"""From Rill's own first DHCPDISCOVER to its first Tlogin, as it was on the wire. There is one complete offer, so nothing has
to be waited for but answers and the address probe. iPXE's figure is in docs/performance.md (`make bench-login`)."""
import pcap

LIMIT = 120
SECONDS_MAX = 0.7


def run(t):
    cable = t.cable()
    t.dnsmasq(root_path="rill://10.99.0.1/nothing")
    m = t.machine()
    m.wait_for(r"logging in to ", 60)
    for _ in range(50):
        times = pcap.first_times(cable.pcap)
        if "login asked" in times:
            break
        m.pump(0.2)
    cable.stop()
    times = pcap.first_times(cable.pcap)
    t.expect("Rill: DHCP discover" in times and "login asked" in times, "no discover or no login in %s" % (times,))
    took = times["login asked"] - times["Rill: DHCP discover"]
    print("from DISCOVER to the login %.3f s" % took)
    t.expect(0 < took <= SECONDS_MAX, "%.3f s from DISCOVER to login, at most %.1f are promised" % (took, SECONDS_MAX))
    t.token()
