# SPDX-License-Identifier: BSD-2-Clause-Patent
"""DHCP tells each kind of machine its own boot file by option 93; server and disk are the same."""

LIMIT = 360


def run(t):
    t.cable(0)
    t.cable(1)
    t.dnsmasq(efi_file="rill.efi")
    t.server()
    bios = t.machine([t.cables[0].card(more=",bootindex=0")])
    bios.wait_for(r"GRUB: starting the kernel", 90)
    bios.stop()
    efi = t.machine([t.cables[1].card(more=",bootindex=0,romfile=")], firmware="efi")
    t.expect_boot(efi, card=1)
