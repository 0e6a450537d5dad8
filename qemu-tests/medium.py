# SPDX-License-Identifier: BSD-2-Clause-Patent
"""A machine without a PXE ROM whose only medium is our stick or CD, patched by rill-config.

    expect_boot(t, "rill.iso", "ide-cd")        it boots the disk that the medium names, over the card that it finds

    secret = serve(t)                           the same in two steps, for several machines; rill-config has driver, the
    boot(t, secret, "rill.img", "usb-storage", "-device", "qemu-xhci", nic="e1000", driver="own", named="e1000")
                                                machine this card, and Rill says that driver's name; UEFI, or firmware="bios";
                                                pulled="e1000": another card stands before it, whose cable is out; rom="": the
                                                cards have QEMU's own ROMs, from which nothing is started

    m, cable = start(t, "rill.iso", "ide-cd", uri="rill://10.99.0.1/debian", firmware="bios", ...)
                                                only until the card is driven, and the plan is the medium's; machine(...) is
                                                only switched on, and of the medium no more than the first `readable` bytes
    word, more = next_device(t)                 a disk that the firmware goes on with, and then says "next: " and this word
"""
import os
import secrets
import shutil
import subprocess
import time

import pcap
import secretdisk
from dosdisk import assemble


def serve(t):
    """Nothing is said by DHCP: server and disk stand on the medium, and another disk is what the server would choose."""
    disk = t.folder + "/uefi.img"
    secret = secretdisk.make(disk)
    t.dnsmasq(boot_file=None)
    t.server({"other": "build/out/rill.img", "uefi": disk}, default="other")
    return secret


def next_device(t):
    word, path = secrets.token_hex(8), t.folder + "/next.img"
    assemble("next", path, '-DWORD="%s"' % word)
    with open(path, "ab") as f:
        f.truncate(1 << 20)
    return word, ["-drive", "id=next,if=none,format=raw,file=" + path, "-device", "ide-hd,drive=next,bootindex=1"]


def disk_that_gives_up(t):
    """For a BIOS: its boot sector says "mbr: text" and calls INT 18h."""
    path = t.folder + "/mbr.img"
    assemble("mbr", path)
    with open(path, "ab") as f:
        f.write(b"text".ljust(512, b"\0"))
        f.truncate(16 << 20)
    return path


def machine(t, name, drive, *more, uri="rill://10.99.0.1/uefi", nic="virtio-net-pci", driver="any", pulled=None, firmware="efi",
            readable=None, rom=",romfile="):
    other = t.cable(len(t.cables)) if pulled else None
    cable = t.cable(len(t.cables))
    medium = "%s/%d-%s" % (t.folder, cable.number, name)
    shutil.copy("build/out/" + name, medium)
    words = ["--uri", uri] if uri else []
    subprocess.run(["build/out/rill-config", medium, *words, "--driver", driver], check=True)
    if readable:
        os.truncate(medium, readable)
    cards = [c.card(model, rom) for c, model in ((other, pulled), (cable, nic)) if c]
    m = t.machine(cards, firmware=firmware, more=list(more) + [
        "-device", drive + ",drive=medium,bootindex=0",
        "-drive", "id=medium,if=none,format=raw,readonly=on,file=" + medium])
    if other:
        pull(m, other)
    return m, cable


def pull(m, cable):
    """As soon as the machine's monitor is there: long before the BIOS starts anything."""
    until = time.time() + 5
    while True:
        try:
            return m.link("net%d" % cable.number, False)
        except OSError:
            if time.time() > until:
                raise
            time.sleep(0.02)


def start(t, *what, named="virtio-net", **more):
    m, cable = machine(t, *what, **more)
    m.wait_for(r"not started from a card: the first with a cable is taken", 90)
    m.wait_for(r"\ncard 52:54:00:99:00:%02x, %s\b" % (cable.number + 1, named), 30)
    m.wait_for(r"plan: the configuration block", 60)
    return m, cable


def boot(t, secret, *what, firmware="efi", **more):
    m, cable = start(t, *what, firmware=firmware, **more)
    if firmware == "bios":
        secretdisk.expect_by_bios(t, m, secret)         # which stops it
    else:
        secretdisk.expect(t, m, secret)
        m.stop()
    cable.stop()
    asked = [s for s in pcap.summary(cable.pcap)["steps"] if s.startswith("TFTP")]
    t.expect(not asked, "the firmware's network was asked: %s" % asked)


def expect_boot(t, name, drive, *more):
    boot(t, serve(t), name, drive, *more)
