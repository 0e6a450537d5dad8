# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The program that our ROM chains is rill.kpxe, but for the mark by which it would know itself. It finds the API of the first
one, drives the card through its UNDI, and boots the streamed disk: our client and our side of PXE, in real mode."""
import shutil
import subprocess

import optionrom
import secretdisk

LIMIT = 200
CARDS = ("virtio-net-pci", "e1000", "e1000e")
MARK, MARK_AT = b"RILLSELF", 8                  # loader/config.h


def other_rill(t):
    path = t.folder + "/other.kpxe"
    shutil.copy("build/out/rill.kpxe", path)
    with open(path, "r+b") as f:
        f.seek(MARK_AT)
        t.expect(f.read(len(MARK)) == MARK, "there is no mark in rill.kpxe")
        f.seek(MARK_AT)
        f.write(b"RILL TWO")
    subprocess.run(["build/out/rill-config", path, "--uri", "rill://10.99.0.1/secret"], check=True)
    return path


def run(t):
    disk = t.folder + "/secret.img"
    secret = secretdisk.make(disk)
    t.dnsmasq(boot_file="other.kpxe", files=[other_rill(t)])
    t.server({"other": "build/out/rill.img", "secret": disk}, default="other")
    for model in CARDS:
        cable = t.cable(len(t.cables))
        m = t.machine([optionrom.card(t, cable, model)])
        m.wait_for(r"starting other\.kpxe", 60)
        m.wait_for(r"\ncard 52:54:00:99:00:%02x, undi " % (cable.number + 1), 30)
        m.wait_for(r"plan: the configuration block", 60)
        secretdisk.expect_by_bios(t, m, secret)
        cable.stop()
