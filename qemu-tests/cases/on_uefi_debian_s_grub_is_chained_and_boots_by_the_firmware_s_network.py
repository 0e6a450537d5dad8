# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The boot file that Rill is given is Debian's GRUB for network boot, as Debian has signed it. Over e1000 it finds where it came
from in the packets of the firmware's PXE, fetches its configuration from there, and kernel and initrd, and starts them."""
import efiboot

LIMIT = 240


def run(t):
    cable, grub = t.cable(), efiboot.Grub(t)
    t.dnsmasq(boot_file="rill.efi", files=[efiboot.DEBIAN + "/grubnetx64.efi"], more=efiboot.for_rill("grubnetx64.efi"))
    m = t.machine([cable.card("e1000", ",bootindex=0")], firmware="efi")
    m.wait_for(r"starting grubnetx64\.efi", 120)
    grub.expect(m, cable, "rill.efi", "grubnetx64.efi")
