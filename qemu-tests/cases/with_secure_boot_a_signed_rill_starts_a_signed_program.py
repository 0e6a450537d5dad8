# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Secure Boot is on. rill.efi, signed by `make sign` with a key made a moment ago and enrolled beside Microsoft's, is loaded by
the firmware's PXE and boots the streamed disk, whose boot program is signed by that key, too."""
import secretdisk
import secureboot

LIMIT = 240


def run(t):
    key, disk = secureboot.Key(t.folder), t.folder + "/uefi.img"
    secret = secretdisk.make(disk, key.sign("build/out/secret.efi", t.folder + "/secret.efi"))
    cable = t.cable()
    t.dnsmasq(boot_file="rill.signed.efi", files=[key.sign_rill()], root_path="rill://10.99.0.1/uefi")
    t.server({"uefi": disk}, default="uefi")
    m = t.machine(firmware="efi-secure", trusts=key.der())
    m.wait_for(r"plan: option 17", 120)
    secretdisk.expect(t, m, secret, "on")
