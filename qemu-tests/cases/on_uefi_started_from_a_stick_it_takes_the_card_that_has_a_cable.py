# SPDX-License-Identifier: BSD-2-Clause-Patent
"""rill.efi is \\EFI\\BOOT\\BOOTX64.EFI of a stick, with its configuration block saying what to boot, in a machine whose first
card has no cable, and whose firmware has connected neither. What it starts returns: the session ends, the firmware goes on."""
import shutil
import subprocess

import blocks
import efidisk

LIMIT = 240


def run(t):
    disk, stick, ours = blocks.Disk(t.folder, "return"), t.folder + "/stick.img", t.folder + "/ours.efi"
    shutil.copy("build/out/rill.efi", ours)
    subprocess.run(["build/out/rill-config", ours, "--uri", "rill://10.99.0.1/uefi", "--verbosity", "2"], check=True)
    efidisk.make(stick, ours)
    cards = [t.cable(0), t.cable(1)]
    t.dnsmasq(boot_file=None)
    t.server({"other": disk.path, "uefi": disk.path}, default="other")
    words = [card.card(more=",romfile=") for card in cards]
    m = t.machine(words, firmware="efi", more=[
        "-device", "qemu-xhci", "-device", "usb-storage,drive=stick,bootindex=0",
        "-drive", "id=stick,if=none,format=raw,readonly=on,file=" + stick])
    m.wait_for(r"BdsDxe: loading", 60)
    m.link("net0", False)
    m.wait_for(r"not started from a card: the first with a cable is taken", 90)
    m.wait_for(r"card 52:54:00:99:00:02, virtio-net", 30)
    m.wait_for(r"plan: the configuration block", 60)
    blocks.expect_read(t, m, disk)
    m.wait_for(r"Standard PC \(Q35|Select Language|Boot Manager", 60)        # a boot entry that ended well
    ends = [line for line in t.servers[0].lines() if line.get("event") == "end"]
    t.expect(ends and "came back" in ends[0].get("text", ""), "the session has not ended with the program: %s" % ends)
    t.expect("does not let the disk go" not in m.text, "the firmware kept the disk")
