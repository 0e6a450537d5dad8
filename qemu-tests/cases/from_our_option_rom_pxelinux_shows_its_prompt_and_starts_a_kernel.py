# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Nobody but the card's own ROM, ours, has a driver: over e1000 and over virtio-net Debian's pxelinux.0, the boot file, finds the
API of our own and shows its prompt. Over the latter it fetches Linux, and gives all of our memory below 640 KiB back before it
starts it."""
import os
import re

import optionrom
import pcap
from loaders import disks

LIMIT = 600
CONFIG = "serial 0 115200\nprompt 1\ntimeout 0\nlabel rill\n kernel vmlinuz\n initrd initrd.img\n append %s\n"
FILES = ["/usr/lib/PXELINUX/pxelinux.0", disks.BIOS_MODULES + "/ldlinux.c32"]


def prompt(t, model):
    cable = t.cable(len(t.cables))
    m = t.machine([optionrom.card(t, cable, model)])
    m.wait_for(r"starting pxelinux\.0", 60)
    m.wait_for(r"boot: ", 60)
    t.token()
    return m, cable


def run(t):
    system = disks.System()
    system.write(t.folder + "/tftp")
    os.makedirs(t.folder + "/tftp/pxelinux.cfg")
    with open(t.folder + "/tftp/pxelinux.cfg/default", "w") as f:
        f.write(CONFIG % system.words)
    t.dnsmasq(boot_file="pxelinux.0", files=FILES)
    m, _ = prompt(t, "e1000")
    m.stop()
    m, cable = prompt(t, "virtio-net-pci")
    m.send("rill\n")
    m.wait_for(r"guest: token %s\n" % system.token, 400)
    t.expect(not re.search(r"Failed to free base memory|unload API call", m.text), "our memory was not given back")
    t.token()
    m.stop()
    cable.stop()
    asked = [s[8:].lstrip("/") for s in pcap.summary(cable.pcap)["steps"] if s.startswith("TFTP of ")]
    for name in ("pxelinux.0", "ldlinux.c32", "pxelinux.cfg/default", "vmlinuz", "initrd.img"):
        t.expect(name in asked, "TFTP was not asked for %s, but for %s" % (name, asked))
