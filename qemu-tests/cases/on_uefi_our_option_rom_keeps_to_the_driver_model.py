# SPDX-License-Identifier: BSD-2-Clause-Patent
"""guest/driver.c, from a stick, asks our driver in the card's ROM what UEFI's driver model and the Simple Network Protocol
want of it: names, frames, disconnecting while somebody has the interface and when nobody has, connecting again, unloading."""
import json
import subprocess

import efidisk
import optionrom

LIMIT = 300
ASKED = 56                      # questions of guest/driver.c


def address_of(name):
    return json.loads(subprocess.run(["ip", "-j", "link", "show", name], capture_output=True, check=True).stdout)[0]["address"]


def run(t):
    stick = t.folder + "/stick.img"
    efidisk.make(stick, "build/out/driver.efi")
    t.dnsmasq(boot_file=None)
    for model in ("e1000", "e1000e", "virtio-net-pci"):
        cable = t.cable(len(t.cables))
        m = t.machine([optionrom.card(t, cable, model, order="")], firmware="efi", more=[
            "-device", "qemu-xhci", "-device", "usb-storage,drive=stick,bootindex=0",
            "-drive", "id=stick,if=none,format=raw,readonly=on,file=" + stick])
        heard = m.wait_for(r"driver: heard (\S+)\n", 120).group(1)
        asked, wrong = (int(n, 16) for n in m.wait_for(r"driver: asked (\w+) wrong (\w+)\n", 60).groups())
        t.expect(heard == address_of("br0"), "%s: the answer came from %s" % (model, heard))
        t.expect(asked == ASKED and not wrong, "%s: %d of %d answers are wrong:\n%s" % (model, wrong, asked, m.last_words()))
        m.wait_end(30)
        m.stop()
        cable.stop()
        t.token()
