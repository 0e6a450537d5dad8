# SPDX-License-Identifier: BSD-2-Clause-Patent
"""A tagged port, and the firmware's own setting has its VLAN: what Rill chains there fetches a text by the firmware's PXE of that
VLAN. Without that setting, the VLAN in Rill's configuration alone, it is told that there is none.

Rill starts from a stick: the firmware's own boot by network would try the port without a tag first, for a minute.
"""
import os
import secrets
import shutil
import struct

import efiboot
import efidisk

LIMIT = 240
VLAN_CONFIG = "9e23d768-d2f3-4366-9fc3-3a7aba864374"        # whose variables are EDK2's VLANs, by the card's MAC


def boot(t, program, variable):
    stick = t.folder + "/stick.img"
    efidisk.make(stick, program)
    m = t.machine([t.cables[0].card(more=",romfile=")], firmware="efi", variable=variable, more=[
        "-device", "qemu-xhci", "-device", "usb-storage,drive=stick,bootindex=0",
        "-drive", "id=stick,if=none,format=raw,readonly=on,file=" + stick])
    m.wait_for(r"not started from a card: the first with a cable is taken", 90)
    return m


def run(t):
    secret, vlans, folder = secrets.token_hex(12), t.folder + "/vlans", t.folder + "/tftp/boot"
    os.makedirs(folder)
    shutil.copy("build/out/chained.efi", folder)
    with open(folder + "/secret.txt", "w") as f:
        f.write(secret)
    with open(vlans, "wb") as f:
        f.write(struct.pack("<IH", 3, 7))       # kept, for boot services; VLAN 7, priority 0
    t.cable(vlan=7)
    t.dnsmasq(boot_file="no.efi", more=efiboot.for_rill("boot/chained.efi", "10.99.0.1"))
    m = boot(t, "build/out/rill.efi", (VLAN_CONFIG, "525400990001", vlans))
    m.wait_for(r"VLAN 7, by the firmware's setting", 30)
    m.wait_for(r"starting boot/chained\.efi", 60)
    seen = m.wait_for(r"chained: secret (\w*)\n", 60).group(1)
    t.expect(seen == secret, "it fetched %s, not %s:\n%s" % (seen, secret, m.last_words()))
    m.wait_for(r"chained: has the card\n", 30)
    m.stop()
    m = boot(t, efiboot.configured(t, "--vlan", "7"), None)
    m.wait_for(r"starting boot/chained\.efi", 60)
    m.wait_for(r"this firmware offers no PXE in VLAN 7 of the card", 30)
    m.wait_for(r"chained: from a card without PXE\n", 30)
    t.token()
