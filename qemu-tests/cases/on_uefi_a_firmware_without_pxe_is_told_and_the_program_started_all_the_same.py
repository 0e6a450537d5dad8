# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The firmware has no PXE by IPv4, and starts Rill by HTTP boot. The program that Rill chains is told the card it came from."""
import efiboot

LIMIT = 180


def run(t):
    t.cable()
    t.http()
    t.dnsmasq(boot_file="rill.efi", http_file="rill.efi", files=["build/out/chained.efi"], more=efiboot.for_rill("chained.efi"))
    m = t.machine(firmware="efi", more=["-fw_cfg", "name=opt/org.tianocore/IPv4PXESupport,string=n"])
    m.wait_for(r"starting chained\.efi", 120)
    m.wait_for(r"this firmware offers no PXE above the card", 30)
    m.wait_for(r"chained: from a card without PXE\n", 30)
    t.token()
