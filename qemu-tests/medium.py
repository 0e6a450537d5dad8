# SPDX-License-Identifier: BSD-2-Clause-Patent
"""A UEFI machine whose only medium is our stick or CD, patched by rill-config.

    expect_boot(t, "rill.iso", "ide-cd")        it boots the disk that the medium names, over the card that it finds
"""
import shutil
import subprocess

import pcap
import secretdisk


def expect_boot(t, name, drive, *more):
    """Nothing is said by DHCP, and the firmware's own network is not asked: server and disk stand on the medium."""
    disk, medium = t.folder + "/uefi.img", "%s/%s" % (t.folder, name)
    secret = secretdisk.make(disk)
    shutil.copy("build/out/" + name, medium)
    subprocess.run(["build/out/rill-config", medium, "--uri", "rill://10.99.0.1/uefi"], check=True)
    cable = t.cable()
    t.dnsmasq(boot_file=None)
    t.server({"other": medium, "uefi": disk}, default="other")
    m = t.machine([cable.card(more=",romfile=")], firmware="efi", more=list(more) + [
        "-device", drive + ",drive=medium,bootindex=0",
        "-drive", "id=medium,if=none,format=raw,readonly=on,file=" + medium])
    m.wait_for(r"not started from a card: the first with a cable is taken", 90)
    m.wait_for(r"plan: the configuration block", 60)
    secretdisk.expect(t, m, secret)
    cable.stop()
    asked = [s for s in pcap.summary(cable.pcap)["steps"] if s.startswith("TFTP")]
    t.expect(not asked, "the firmware's network was asked: %s" % asked)
