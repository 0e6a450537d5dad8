# SPDX-License-Identifier: BSD-2-Clause-Patent
"""ISC's dhcpd, which tells BIOS and UEFI apart by option 93, and names the disk in option 17."""
import dhcpservers
import secretdisk

LIMIT = 120


def run(t):
    disk = t.folder + "/uefi.img"
    secret = secretdisk.make(disk)
    t.dnsmasq(efi_file="rill.efi", pool=None)
    isc = t.isc(dhcpservers.ISC_BOOT + """
subnet 10.99.0.0 netmask 255.255.255.0 {
	range 10.99.0.100 10.99.0.119;
	next-server 10.99.0.1;
	option root-path "rill://10.99.0.1/uefi";
}""")
    t.server({"uefi": disk}, default=None)
    secretdisk.expect_both(t, secret, r"address 10\.99\.0\.1[01]\d from 10\.99\.0\.1", r"plan: option 17")
    t.expect(isc.said().count("DHCPACK on 10.99.0.1") >= 4, "dhcpd has not given each machine's ROM and Rill an address")
