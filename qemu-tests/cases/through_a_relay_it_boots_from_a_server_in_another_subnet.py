# SPDX-License-Identifier: BSD-2-Clause-Patent
"""DHCP, TFTP and the disk are on a host of another subnet. dnsmasq here is the relay, we are the router."""
import dhcpservers
import pcap
import secretdisk

LIMIT = 120
GIADDR = bytes((10, 99, 0, 1))


def run(t):
    disk = t.folder + "/uefi.img"
    secret = secretdisk.make(disk)
    far = t.neighbour("far", "10.98.0.2/24", ours="10.98.0.1/24")
    isc = t.isc(dhcpservers.ISC_BOOT + """
subnet 10.98.0.0 netmask 255.255.255.0 { }
subnet 10.99.0.0 netmask 255.255.255.0 {
	range 10.99.0.100 10.99.0.119;
	option routers 10.99.0.1;
	next-server 10.98.0.2;
	option root-path "rill://10.98.0.2/uefi";
}""", host=far)
    t.dnsmasq(efi_file="rill.efi", pool=None, host=far)
    t.dnsmasq(pool=None, more=["--dhcp-relay=10.99.0.1,10.98.0.2"], tftp=False)
    t.server({"uefi": disk}, default=None, listen="10.98.0.2", host=far)
    secretdisk.expect_both(t, secret, r"address 10\.99\.0\.1[01]\d from 10\.98\.0\.2")
    for cable in t.cables:
        answers = [p.payload[24:28] for p in pcap.Pcap(cable.pcap) if p.source_port == 67 and pcap.dhcp_of(p)]
        t.expect(len(answers) >= 4 and set(answers) == {GIADDR}, "not every answer came by the relay: %s" % answers)
    t.expect("DHCPOFFER" in isc.said() and "via 10.99.0.1" in isc.said(), "dhcpd has not seen the relay")
