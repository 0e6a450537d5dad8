# SPDX-License-Identifier: BSD-2-Clause-Patent
"""A UEFI machine whose only medium is our stick or CD, patched by rill-config.

    expect_boot(t, "rill.iso", "ide-cd")        it boots the disk that the medium names, over the card that it finds

    secret = serve(t)                           the same in two steps, for several machines; rill-config has driver, the
    boot(t, secret, "rill.img", "usb-storage", "-device", "qemu-xhci", nic="e1000", driver="own", named="e1000")
                                                machine this card, and Rill says that driver's name
"""
import shutil
import subprocess

import pcap
import secretdisk


def serve(t):
    """Nothing is said by DHCP: server and disk stand on the medium, and another disk is what the server would choose."""
    disk = t.folder + "/uefi.img"
    secret = secretdisk.make(disk)
    t.dnsmasq(boot_file=None)
    t.server({"other": "build/out/rill.img", "uefi": disk}, default="other")
    return secret


def boot(t, secret, name, drive, *more, nic="virtio-net-pci", driver="any", named="virtio-net"):
    cable = t.cable(len(t.cables))
    medium = "%s/%d-%s" % (t.folder, cable.number, name)
    shutil.copy("build/out/" + name, medium)
    subprocess.run(["build/out/rill-config", medium, "--uri", "rill://10.99.0.1/uefi", "--driver", driver], check=True)
    m = t.machine([cable.card(nic, ",romfile=")], firmware="efi", more=list(more) + [
        "-device", drive + ",drive=medium,bootindex=0",
        "-drive", "id=medium,if=none,format=raw,readonly=on,file=" + medium])
    m.wait_for(r"not started from a card: the first with a cable is taken", 90)
    m.wait_for(r"\ncard 52:54:\S+, %s\b" % named, 30)
    m.wait_for(r"plan: the configuration block", 60)
    secretdisk.expect(t, m, secret)
    m.stop()
    cable.stop()
    asked = [s for s in pcap.summary(cable.pcap)["steps"] if s.startswith("TFTP")]
    t.expect(not asked, "the firmware's network was asked: %s" % asked)


def expect_boot(t, name, drive, *more):
    boot(t, serve(t), name, drive, *more)
