# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Esc, while a server is looked for that is not there, gives the machine back to OVMF: the lease is released, and the firmware's
own network, which Rill had disconnected, loads rill.efi once more, by HTTP boot; which then boots the disk."""
import re
import secrets

import efidisk
import ovmf

LIMIT = 240


def run(t):
    disk, secret = t.folder + "/uefi.img", secrets.token_hex(12)
    efidisk.make(disk, "build/out/blocks.efi", {100: secret.encode().ljust(32, b"\0") + b"exit"})
    cable = t.cable()
    dnsmasq = t.dnsmasq(boot_file="rill.efi", files=["build/out/rill.efi"], root_path="rill://10.99.0.1/uefi",
                        more=ovmf.http_boot(t))
    m = t.machine([cable.card(more=ovmf.CARD)], ovmf.words(t.folder))
    m.wait_for(r"logging in to 10\.99\.0\.1:6910", 120)
    m.send("\33")
    m.wait_for(r"PXE-M0F: Exiting PXE ROM\.\n", 30)
    m.wait_for(r"failed to start Boot\d+ [^\n]*: Aborted", 30)
    t.server({"uefi": disk}, default="uefi")
    m.wait_for(r">>Start HTTP Boot over IPv4", 60)
    m.wait_for(r"Rill \d[^\n]* UEFI", 60)
    seen = m.wait_for(r"blocks: secret (\w+)\n", 60).group(1)
    t.expect(seen == secret, "it read %s, not %s" % (seen, secret))
    m.wait_end(60)
    with open(dnsmasq.log) as f:
        told = f.read()
    t.expect(re.search(r"DHCPRELEASE\(br0\)[\s\S]*vendor class: HTTPClient:Arch:00016", told),
             "the lease was not released before the firmware asked for one")
    t.token()
