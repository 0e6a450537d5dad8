# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Kea, which tells BIOS and UEFI apart by client classes, and names the disk in option 17."""
import secretdisk

LIMIT = 120
CLASSES = [
    {"name": "bios", "test": "option[93].hex == 0x0000", "boot-file-name": "rill.kpxe"},
    {"name": "uefi", "test": "option[93].hex == 0x0007", "boot-file-name": "rill.efi"},
]
SUBNET = {
    "subnet": "10.99.0.0/24", "pools": [{"pool": "10.99.0.100-10.99.0.119"}], "next-server": "10.99.0.1",
    "option-data": [{"name": "root-path", "data": "rill://10.99.0.1/uefi"}],
}


def run(t):
    disk = t.folder + "/uefi.img"
    secret = secretdisk.make(disk)
    t.dnsmasq(efi_file="rill.efi", pool=None)
    kea = t.kea(SUBNET, CLASSES)
    t.server({"uefi": disk}, default=None)
    secretdisk.expect_both(t, secret, r"address 10\.99\.0\.1[01]\d from 10\.99\.0\.1", r"plan: option 17")
    t.expect(kea.said().count("DHCP4_LEASE_ALLOC") >= 4, "Kea has not given each machine's ROM and Rill an address")
