# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The same as on rill-host, on the consoles of UEFI: DHCP names a disk that the server does not have."""
import re

LIMIT = 120


def run(t):
    t.cable()
    t.dnsmasq(boot_file="rill.efi", root_path="rill://10.99.0.1/windows-95")
    t.server()
    m = t.machine(firmware="efi")
    m.wait_for(r"again in \d+ s", 90)
    text = re.sub(r"again in (?s:.*)", "again in TIME", m.text[m.text.index("Rill 0.1"):])
    t.expect_golden("uefi_unknown_disk", re.sub(r"\n  \d+ requests were sent again", "", text))     # a busy emulator's may be
