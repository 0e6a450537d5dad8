# SPDX-License-Identifier: BSD-2-Clause-Patent
"""dnsmasq tells each kind of machine its own boot file by option 93; server and disk are the same, up to the kernel's start."""

LIMIT = 180


def run(t):
    t.cable(0)
    t.cable(1)
    t.dnsmasq(efi_file="rill.efi")
    t.server()
    for cable, firmware, rom in ((t.cables[0], "bios", ""), (t.cables[1], "efi", ",romfile=")):
        m = t.machine([cable.card(more=",bootindex=0" + rom)], firmware=firmware)
        m.wait_for(r"GRUB: starting the kernel", 120)
        m.wait_for(r"Linux version", 30)
        m.stop()
    t.token()
