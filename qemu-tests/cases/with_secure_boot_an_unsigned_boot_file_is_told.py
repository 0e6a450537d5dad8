# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The boot file that the signed Rill is given is another program, without a signature: the firmware does not start what Rill
has fetched for it, and Rill says why."""
import secureboot

LIMIT = 240


def run(t):
    key, cable = secureboot.Key(t.folder), t.cable()
    t.dnsmasq(boot_file="rill.signed.efi", files=[key.sign_rill(), "build/out/chained.efi"],
              more=["--dhcp-userclass=set:rill,Rill", "--dhcp-boot=tag:rill,chained.efi"])
    m = t.machine(firmware="efi-secure", trusts=key.der())
    t.expect_golden("uefi_boot_file_not_trusted", secureboot.told(m))
    t.expect("chained:" not in m.text, "it runs all the same")
