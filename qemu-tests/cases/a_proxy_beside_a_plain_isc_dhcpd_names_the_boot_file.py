# SPDX-License-Identifier: BSD-2-Clause-Patent
"""ISC's dhcpd gives an address and nothing else, at once; what to boot says dnsmasq as a proxyDHCP on another host, a second
later. From the first DISCOVER to the first packet to a boot server it takes 2.3 s at most."""
import pcap
import secretdisk

LIMIT = 120
SECONDS_MAX = 2.3
PROXY = ["--dhcp-range=10.99.0.0,proxy", "--dhcp-reply-delay=1", "--pxe-service=x86PC,Rill,rill.kpxe",
         "--pxe-service=BC_EFI,Rill,rill.efi"]


def run(t):
    disk = t.folder + "/uefi.img"
    secret = secretdisk.make(disk)
    other = t.neighbour("proxy", "10.99.0.2/24")
    t.isc("subnet 10.99.0.0 netmask 255.255.255.0 { range 10.99.0.100 10.99.0.119; }")
    t.dnsmasq(efi_file="rill.efi", pool=None)                                   # its router advertisements
    t.dnsmasq(efi_file="rill.efi", pool=None, more=PROXY, host=other)
    t.server({"uefi": disk}, default="uefi", listen="10.99.0.2", host=other)
    secretdisk.expect_both(t, secret, r"address 10\.99\.0\.1[01]\d from 10\.99\.0\.1")
    for cable in t.cables:
        expect_times(t, pcap.first_times(cable.pcap))


def expect_times(t, times):
    """Rill's, and beside it, as it was, the firmware's own."""
    rom = min(at for step, at in times.items() if step.startswith("TFTP of rill")) - times["PXE ROM: DHCP discover"]
    took = times["login asked"] - times["Rill: DHCP discover"]
    print("from DISCOVER to TFTP or login: the ROM %.2f s, Rill %.2f s" % (rom, took))
    t.expect(1 <= took <= SECONDS_MAX, "Rill took %.2f s; the proxy takes 1, and %.1f are promised" % (took, SECONDS_MAX))
