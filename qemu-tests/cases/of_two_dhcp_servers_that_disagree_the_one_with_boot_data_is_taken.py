# SPDX-License-Identifier: BSD-2-Clause-Patent
"""ISC's dhcpd answers Rill at once and knows nothing of booting; dnsmasq, on another host, answers everybody a second later, and
names the boot file. dhcpd answers no ROM: iPXE's would take its address and not boot."""
import pcap
import secretdisk

LIMIT = 120
SECONDS_MAX = 2.3
FAST = """
class "rill" { match if option user-class ~= "Rill"; }
subnet 10.99.0.0 netmask 255.255.255.0 { pool { allow members of "rill"; range 10.99.0.100 10.99.0.119; } }
"""


def run(t):
    disk = t.folder + "/uefi.img"
    secret = secretdisk.make(disk)
    other = t.neighbour("other", "10.99.0.2/24")
    isc = t.isc(FAST)
    t.dnsmasq(pool=None)                                                        # its router advertisements
    t.dnsmasq(efi_file="rill.efi", more=["--dhcp-reply-delay=1"], host=other)
    t.server({"uefi": disk}, default="uefi", listen="10.99.0.2", host=other)
    secretdisk.expect_both(t, secret, r"address 10\.99\.0\.[5-9]\d from 10\.99\.0\.2")
    for cable in t.cables:
        times = pcap.first_times(cable.pcap)
        took = times["login asked"] - times["Rill: DHCP discover"]
        print("from DISCOVER to the login %.2f s" % took)
        t.expect(1 <= took <= SECONDS_MAX, "Rill took %.2f s; the offer takes 1, and %.1f are promised" % (took, SECONDS_MAX))
    t.expect(isc.said().count("DHCPOFFER") >= 2 and "DHCPACK" not in isc.said(), "dhcpd was to offer, and not to be taken")
