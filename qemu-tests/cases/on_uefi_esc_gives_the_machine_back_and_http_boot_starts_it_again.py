# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Esc, while a server is looked for that is not there, gives the machine back to OVMF: the lease is released, and the firmware's
own network, which Rill had disconnected, loads rill.efi once more, by HTTP boot; which then boots the disk."""
import re

import blocks

LIMIT = 240


def run(t):
    disk = blocks.Disk(t.folder, "exit")
    t.cable()
    t.http()
    dnsmasq = t.dnsmasq(boot_file="rill.efi", http_file="rill.efi", root_path="rill://10.99.0.1/uefi")
    m = t.machine(firmware="efi")
    m.wait_for(r"logging in to 10\.99\.0\.1:6910", 120)
    m.send("\33")
    m.wait_for(r"PXE-M0F: Exiting PXE ROM\.\n", 30)
    m.wait_for(r"failed to start Boot\d+ [^\n]*: Aborted", 30)
    t.server({"uefi": disk.path}, default="uefi")
    m.wait_for(r">>Start HTTP Boot over IPv4", 60)
    m.wait_for(r"Rill \d[^\n]* UEFI", 60)
    blocks.expect_read(t, m, disk)
    m.wait_for(blocks.GONE, 60)
    m.wait_end(60)
    with open(dnsmasq.log) as f:
        told = f.read()
    t.expect(re.search(r"DHCPRELEASE\(br0\)[\s\S]*vendor class: HTTPClient:Arch:00016", told),
             "the lease was not released before the firmware asked for one")
