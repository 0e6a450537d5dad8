# SPDX-License-Identifier: BSD-2-Clause-Patent
"""rill.efi on a UEFI machine: what drives its card, and a program that it chains.

    path = configured(t, "--driver", "undi")                a rill.efi of this case's own, with these words for rill-config
    expect_calls(t, m, "undi 3.1")                          that was called, and the other of "snp" and "undi 3.1" never
    expect_chained(t, "e1000", ",bootindex=0", "003001")    PXE, rill.efi, guest/chained.c by it; the UNDI told to DHCP
"""
import os
import re
import secrets
import shutil
import subprocess

import pcap


def configured(t, *words):
    os.mkdir(t.folder + "/ours")
    shutil.copy("build/out/rill.efi", t.folder + "/ours/rill.efi")
    subprocess.run(["build/out/rill-config", t.folder + "/ours/rill.efi", *words], check=True)
    return t.folder + "/ours/rill.efi"


def driven_by(t, driver):
    """The file for DHCP's boot file name, and what the screen must say of the card."""
    path = configured(t, "--driver", driver) if driver else "build/out/rill.efi"
    return path, "undi 3.1" if driver == "undi" else "snp"


def expect_calls(t, m, driver):
    """The counters, as they are shown before the system's loader starts: one of the two was called, the other never."""
    undi, snp, frames = (int(n) for n in m.wait_for(
        r"%s: (\d+) UNDI calls, (\d+) SNP calls; (\d+) frames in" % re.escape(driver), 120).groups())
    used, unused = (undi, snp) if driver.startswith("undi") else (snp, undi)
    t.expect(used > frames > 10 and unused == 0, "%d UNDI calls and %d SNP calls for %d frames" % (undi, snp, frames))


def expect_chained(t, model, more, undi, driver=None):
    secret, cable = secrets.token_hex(12), t.cable()
    os.makedirs(t.folder + "/tftp")
    with open(t.folder + "/tftp/secret.txt", "w") as f:
        f.write(secret)
    ours, shown = driven_by(t, driver)
    dnsmasq = t.dnsmasq(boot_file="rill.efi", files=[ours, "build/out/chained.efi"],
                        more=["--dhcp-userclass=set:rill,Rill", "--dhcp-boot=tag:rill,chained.efi"])
    m = t.machine([cable.card(model, more)], firmware="efi")
    m.wait_for(r"card 52:54:00:99:00:01, " + shown, 120)
    m.wait_for(r"starting chained\.efi", 120)
    m.wait_for(r"chained: from a card\n", 30)
    seen = m.wait_for(r"chained: secret (\w*)\n", 60).group(1)
    t.expect(seen == secret, "it fetched %s, not %s:\n%s" % (seen, secret, m.last_words()))
    cable.stop()
    with open(dnsmasq.log) as f:
        t.expect(re.search(r"Arch:00007:UNDI:%s\n.*user class: Rill\n" % undi, f.read()), "what Rill says to DHCP is no UEFI")
    steps = pcap.summary(cable.pcap)["steps"]
    t.expect([s for s in steps if s.startswith("TFTP of ")] == ["TFTP of rill.efi", "TFTP of chained.efi", "TFTP of secret.txt"],
             "TFTP was asked for %s" % steps)
    t.token()
