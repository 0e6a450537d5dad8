# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Secure Boot is on, and the boot file that the signed Rill is given is Debian's shim. It finds the firmware's PXE on the handle
it was told, and fetches its second stage, Debian's GRUB, from the folder it came from itself; GRUB fetches configuration, kernel
and initrd. Each is trusted by who starts it, and the kernel runs."""
import os
import shutil

import efiboot
import secureboot

LIMIT = 300


def run(t):
    key, cable, grub = secureboot.Key(t.folder), t.cable(), efiboot.Grub(t)
    os.makedirs(t.folder + "/tftp/debian")
    shutil.copy(efiboot.DEBIAN + "/shimx64.efi", t.folder + "/tftp/debian")
    shutil.copy(efiboot.DEBIAN + "/grubnetx64.efi", t.folder + "/tftp/debian/grubx64.efi")
    t.dnsmasq(boot_file="rill.signed.efi", files=[key.sign_rill()], more=efiboot.for_rill("debian/shimx64.efi"))
    m = t.machine(firmware="efi-secure", trusts=key.der())
    m.wait_for(r"starting debian/shimx64\.efi", 120)
    grub.expect(m, cable, "rill.signed.efi", "debian/shimx64.efi", "debian/grubx64.efi")
