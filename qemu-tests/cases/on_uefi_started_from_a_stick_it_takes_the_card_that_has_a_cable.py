# SPDX-License-Identifier: BSD-2-Clause-Patent
"""rill.efi is \\EFI\\BOOT\\BOOTX64.EFI of a stick, with its configuration block saying what to boot, in a machine whose first
card has no cable, and whose firmware has connected neither. What it starts returns: the session ends, the firmware goes on."""
import secrets
import shutil
import subprocess

import efidisk
import ovmf

LIMIT = 240


def run(t):
    disk, stick, ours = t.folder + "/uefi.img", t.folder + "/stick.img", t.folder + "/ours.efi"
    secret = secrets.token_hex(12)
    efidisk.make(disk, "build/out/blocks.efi", {100: secret.encode().ljust(32, b"\0") + b"return"})
    shutil.copy("build/out/rill.efi", ours)
    subprocess.run(["build/out/rill-config", ours, "--uri", "rill://10.99.0.1/uefi", "--verbosity", "2"], check=True)
    efidisk.make(stick, ours)
    cards = [t.cable(0), t.cable(1)]
    t.dnsmasq(boot_file=None)
    t.server({"other": disk, "uefi": disk}, default="other")
    words = [card.card(more=",romfile=") for card in cards]
    m = t.machine(words, ovmf.words(t.folder) + [
        "-device", "qemu-xhci", "-device", "usb-storage,drive=stick,bootindex=0",
        "-drive", "id=stick,if=none,format=raw,readonly=on,file=" + stick])
    m.wait_for(r"BdsDxe: loading", 60)
    m.link("net0", False)
    m.wait_for(r"not started from a card: the first with a cable is taken", 90)
    m.wait_for(r"card 52:54:00:99:00:02, snp", 30)
    m.wait_for(r"plan: the configuration block", 60)
    seen = m.wait_for(r"blocks: secret (\w+)\n", 60).group(1)
    t.expect(seen == secret, "it read %s, not %s" % (seen, secret))
    m.wait_for(r"Standard PC \(i440FX|Select Language|Boot Manager", 60)        # a boot entry that ended well
    ends = [line for line in t.servers[0].lines() if line.get("event") == "end"]
    t.expect(ends and "came back" in ends[0].get("text", ""), "the session has not ended with the program: %s" % ends)
    t.expect("does not let the disk go" not in m.text, "the firmware kept the disk")
    t.token()
