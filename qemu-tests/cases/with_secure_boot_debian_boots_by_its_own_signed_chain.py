# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Secure Boot is on. The signed rill.efi boots the streamed Debian by Debian's shim, which Microsoft has signed, GRUB and kernel:
the kernel says that Secure Boot is on, and so does mokutil when the system runs."""
import secureboot

LIMIT = 300


def run(t):
    key, cable = secureboot.Key(t.folder), t.cable()
    t.dnsmasq(boot_file="rill.signed.efi", files=[key.sign_rill()], root_path="rill://10.99.0.1/debian")
    t.server()
    m = t.machine(firmware="efi-secure", trusts=key.der())
    m.wait_for(r"disk debian, ", 120)
    m.wait_for(r"secureboot: Secure boot enabled", 120)
    t.expect_proof(m, power_off=False)
    m.send("root\n")
    m.wait_for(r"root@rill:~# ", 60)
    m.send("mokutil --sb-state\n")
    m.wait_for(r"SecureBoot enabled", 30)
    t.token()
    m.send("poweroff\n")
    m.wait_end(90)
