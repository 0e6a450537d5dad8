# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The disk of with_secure_boot_a_signed_rill_starts_a_signed_program, its boot program minus the signature: refused and told,
with the cure. The same disk and the same rill.efi boot when Secure Boot is off."""
import secretdisk
import secureboot

LIMIT = 300


def run(t):
    key, disk = secureboot.Key(t.folder), t.folder + "/uefi.img"
    signed = key.sign("build/out/secret.efi", t.folder + "/signed.efi")
    secret = secretdisk.make(disk, secureboot.unsigned(signed, t.folder + "/unsigned.efi"))
    cable = t.cable()
    t.dnsmasq(boot_file="rill.signed.efi", files=[key.sign_rill()], root_path="rill://10.99.0.1/uefi")
    t.server({"uefi": disk}, default="uefi")
    m = t.machine(firmware="efi-secure", trusts=key.der())
    t.expect_golden("uefi_not_trusted", secureboot.told(m))
    m.stop()
    m = t.machine(firmware="efi")
    secretdisk.expect(t, m, secret, "off", 150)
