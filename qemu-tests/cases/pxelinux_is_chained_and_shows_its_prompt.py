# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The boot file that Rill is given is another program: it comes by our TFTP and works with the PXE API that we leave it."""
import os

import pcap

LIMIT = 120
PROMPT = "serial 0 115200\nprompt 1\ntimeout 0\n"


def run(t):
    t.cable()
    os.makedirs(t.folder + "/tftp/pxelinux.cfg")
    with open(t.folder + "/tftp/pxelinux.cfg/default", "w") as f:
        f.write(PROMPT)
    # The card's ROM is told rill.kpxe; whoever says that its class is Rill is told pxelinux.0.
    t.dnsmasq(files=["/usr/lib/PXELINUX/pxelinux.0", "/usr/lib/syslinux/modules/bios/ldlinux.c32"],
              more=["--dhcp-userclass=set:rill,Rill", "--dhcp-boot=tag:rill,pxelinux.0"])
    m = t.machine()
    m.wait_for(r"boot: ", 100)
    t.cables[0].stop()
    steps = pcap.summary(t.cables[0].pcap)["steps"]
    files = [s for s in steps if s.startswith("TFTP of ")]
    t.expect(files[:3] == ["TFTP of rill.kpxe", "TFTP of pxelinux.0", "TFTP of ldlinux.c32"], "TFTP was asked for %s" % files)
    t.expect("TFTP of pxelinux.cfg/default" in files, "pxelinux did not get its configuration: %s" % files)
    t.expect(steps.index("Rill: DHCP request") < steps.index("TFTP of pxelinux.0"), "not by Rill: %s" % steps)
    t.token()
