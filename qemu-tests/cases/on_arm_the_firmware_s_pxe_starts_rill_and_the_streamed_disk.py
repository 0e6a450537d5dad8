# SPDX-License-Identifier: BSD-2-Clause-Patent
"""A 64-bit ARM machine: EDK2's PXE says architecture 11 and loads rill-aa64.efi, which says the same and boots the disk that has
\\EFI\\BOOT\\BOOTAA64.EFI."""
import re

import aavmf
import secretdisk

LIMIT = 300


def run(t):
    disk, cable = t.folder + "/uefi.img", t.cable()
    secret = secretdisk.make(disk, "build/out/secret-aa64.efi", name="BOOTAA64.EFI")
    dnsmasq = t.dnsmasq(boot_file=None, files=["build/out/rill-aa64.efi"], root_path="rill://10.99.0.1/uefi",
                        more=["--dhcp-match=set:arm,option:client-arch,11", "--dhcp-boot=tag:arm,rill-aa64.efi"])
    t.server({"uefi": disk}, default="uefi")
    m = aavmf.start(t, [cable.card(more=aavmf.CARD)])
    m.wait_for(r"Rill 0\.1 UEFI ARM", 200)
    secretdisk.expect(t, m, secret)
    with open(dnsmasq.log) as f:
        t.expect(re.search(r"Arch:00011:UNDI:\d{6}\n.*user class: Rill\n", f.read()), "what Rill says to DHCP is no ARM's UEFI")
