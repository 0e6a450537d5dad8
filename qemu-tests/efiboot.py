# SPDX-License-Identifier: BSD-2-Clause-Patent
"""rill.efi on a UEFI machine: what drives its card, and a program that it chains.

    path = configured(t, "--driver", "undi")                a rill.efi of this case's own, with these words for rill-config
    expect_calls(t, m, "undi 3.1")                          that was called, and the other of "snp" and "undi 3.1" never; or
                                                            "virtio-net", a driver of ours
    expect_chained(t, "e1000", ",bootindex=0", "003001")    PXE, rill.efi, guest/chained.c by it; the UNDI told to DHCP
    for_rill("boot/chained.efi", server)                    dnsmasq's words: the boot file for whoever is Rill
    Grub(t)                                                 configuration and kernel for Debian's GRUB, by TFTP
"""
import os
import re
import secrets
import shutil
import subprocess

import pcap
from loaders import disks

DEBIAN = "build/out/debian-efi"           # its signed shim and GRUB, see qemu-tests/loaders/fetch_efi


def configured(t, *words):
    os.mkdir(t.folder + "/ours")
    shutil.copy("build/out/rill.efi", t.folder + "/ours/rill.efi")
    subprocess.run(["build/out/rill-config", t.folder + "/ours/rill.efi", *words], check=True)
    return t.folder + "/ours/rill.efi"


def driven_by(t, model, driver):
    """The file for DHCP's boot file name, and what the screen must say of the card."""
    path = configured(t, "--driver", driver) if driver else "build/out/rill.efi"
    return path, {"undi": "undi 3.1", "snp": "snp", None: "virtio-net" if model.startswith("virtio") else "snp"}[driver]


def expect_calls(t, m, driver):
    """The counters, as shown before the system's loader starts: one of the two was called, the other never, or neither."""
    if driver == "virtio-net":
        m.wait_for(r"virtio-net: our own driver; \d{2,} frames in", 120)
        return
    undi, snp, frames = (int(n) for n in m.wait_for(
        r"%s: (\d+) UNDI calls, (\d+) SNP calls; (\d+) frames in" % re.escape(driver), 120).groups())
    used, unused = (undi, snp) if driver.startswith("undi") else (snp, undi)
    t.expect(used > frames > 10 and unused == 0, "%d UNDI calls and %d SNP calls for %d frames" % (undi, snp, frames))


def for_rill(boot_file, server=""):
    return ["--dhcp-userclass=set:rill,Rill", "--dhcp-boot=tag:rill,%s,,%s" % (boot_file, server)]


def files_asked_for(cable):
    cable.stop()
    return [s[8:].lstrip("/") for s in pcap.summary(cable.pcap)["steps"] if s.startswith("TFTP of ")]


def expect_chained(t, model, more, undi, driver=None, server="10.99.0.1"):
    """chained.efi finds the firmware's PXE with this boot server in it, fetches a text beside itself, and spoils the network;
    which works again when the firmware goes on with its next entry."""
    secret, cable, folder = secrets.token_hex(12), t.cable(), t.folder + "/tftp/boot"
    os.makedirs(folder)
    shutil.copy("build/out/chained.efi", folder)
    with open(folder + "/secret.txt", "w") as f:
        f.write(secret)
    ours, shown = driven_by(t, model, driver)
    dnsmasq = t.dnsmasq(boot_file="rill.efi", http_file="no.efi", files=[ours], more=for_rill("boot/chained.efi", server))
    m = t.machine([cable.card(model, more)], firmware="efi")
    m.wait_for(r"card 52:54:00:99:00:01, " + shown, 120)
    ip = m.wait_for(r"address (10\.99\.0\.\d+) from", 60).group(1)
    m.wait_for(r"starting boot/chained\.efi", 120)
    told = m.wait_for(r"chained: ([^\n]*)\n", 60).group(1)
    t.expect(told == "packets %s 255.255.255.0 %s %s boot/chained.efi" % (ip, ip, server), "it found " + told)
    seen = m.wait_for(r"chained: secret (\w*)\n", 60).group(1)
    t.expect(seen == secret, "it fetched %s, not %s:\n%s" % (seen, secret, m.last_words()))
    m.wait_for(r"chained: has the card\n", 30)
    m.wait_for(r"failed to (start|load) Boot\d+ ", 30)
    m.wait_for(r">>Start [^\n]* over IPv4[^\n]*\n\s*Station IP address is 10\.99\.0\.", 60)
    with open(dnsmasq.log) as f:
        t.expect(re.search(r"Arch:00007:UNDI:%s\n.*user class: Rill\n" % undi, f.read()), "what Rill says to DHCP is no UEFI")
    asked = files_asked_for(cable)
    t.expect(asked == ["rill.efi", "boot/chained.efi", "boot/secret.txt"], "TFTP was asked for %s" % asked)
    t.token()


class Grub:
    """What Debian's grubnetx64.efi looks for in /grub beside the root of the TFTP server it came from: a configuration with a
    word of this run, and a kernel that says another."""
    def __init__(self, t):
        self.t, self.system, self.secret = t, disks.System(), secrets.token_hex(12)
        self.system.write(t.folder + "/tftp/system")
        os.makedirs(t.folder + "/tftp/grub")
        with open(t.folder + "/tftp/grub/grub.cfg", "w") as f:
            f.write("echo 'GRUB: by network %s'\nlinux /system/vmlinuz %s\ninitrd /system/initrd.img\nboot\n" % (
                self.secret, self.system.words))

    def expect(self, m, cable, *files):
        """These were fetched, then what GRUB wants, and the kernel runs."""
        m.wait_for(r"GRUB: by network %s\n" % self.secret, 120)
        m.wait_for(r"guest: token %s\n" % self.system.token, 120)
        m.wait_end(30)
        asked = files_asked_for(cable)          # also for modules, lists and revocations, which nobody has
        got = [file for file in asked if os.path.exists(self.t.folder + "/tftp/" + file)]
        right = [*files, "grub/grub.cfg", "system/vmlinuz", "system/initrd.img"]
        self.t.expect(got == right, "TFTP was asked for %s" % asked)
        self.t.token()
