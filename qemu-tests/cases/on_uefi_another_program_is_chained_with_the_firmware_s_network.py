# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The boot file that Rill is given is another program: it comes by our TFTP, is loaded by the firmware, and the network it finds
is the firmware's own again, over which it fetches a file that was made up a moment ago."""
import os
import re
import secrets

import pcap

LIMIT = 180


def run(t):
    secret = secrets.token_hex(12)
    cable = t.cable()
    os.makedirs(t.folder + "/tftp")
    with open(t.folder + "/tftp/secret.txt", "w") as f:
        f.write(secret)
    dnsmasq = t.dnsmasq(boot_file="rill.efi", files=["build/out/chained.efi"],
                        more=["--dhcp-userclass=set:rill,Rill", "--dhcp-boot=tag:rill,chained.efi"])
    m = t.machine(firmware="efi")
    m.wait_for(r"starting chained\.efi", 120)
    m.wait_for(r"chained: from a card\n", 30)
    seen = m.wait_for(r"chained: secret (\w*)\n", 60).group(1)
    t.expect(seen == secret, "it fetched %s, not %s:\n%s" % (seen, secret, m.last_words()))
    cable.stop()
    with open(dnsmasq.log) as f:
        t.expect(re.search(r"Arch:00007:UNDI:003000\n.*user class: Rill\n", f.read()), "what Rill says to DHCP is no UEFI")
    steps = pcap.summary(cable.pcap)["steps"]
    t.expect([s for s in steps if s.startswith("TFTP of ")] == ["TFTP of rill.efi", "TFTP of chained.efi", "TFTP of secret.txt"],
             "TFTP was asked for %s" % steps)
    t.token()
