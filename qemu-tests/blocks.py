# SPDX-License-Identifier: BSD-2-Clause-Patent
"""A disk whose boot program is guest/blocks.c, with two texts of this moment, and what the program must say of it.

    disk = Disk(t.folder, "exit")               path, near, far. "exit", "return", "fail", "local": what the program does then
    serve(t, disk)                              DHCP gives every machine rill.efi, and names the disk, which rilld has
    expect_read(t, m, disk)                     it was started, and read both texts; the disk's path comes back
    m.wait_for(GONE, 60)                        it has ended the boot services, and the disk is an error from then on

    expect_all(t, "e1000", ",bootindex=0")      all of it, over this card; the cable's figures come back. driver="undi": the
                                                configuration block says what shall drive the card, and nothing else does
"""
import os
import re
import secrets

import efiboot
import efidisk

PROGRAM = "build/out/blocks.efi"
NEAR, FROM_END, ASKED = 100, 200, 9         # the texts' sectors, and how many questions it has, as in guest/blocks.c
GONE = r"blocks: gone, all is an error"


class Disk:
    def __init__(self, folder, end, longer=0, name="uefi"):
        self.path, program = "%s/%s.img" % (folder, name), "%s/%s.efi" % (folder, name)
        self.near, self.far = secrets.token_hex(12), secrets.token_hex(12)
        with open(PROGRAM, "rb") as f, open(program, "wb") as to:
            to.write(f.read() + os.urandom(longer))         # the firmware reads the whole file
        last = efidisk.USUAL_MIB * efidisk.MIB // efidisk.SECTOR - 1
        efidisk.make(self.path, program, {NEAR: self.near.encode().ljust(32, b"\0") + end.encode(),
                                          last - FROM_END: self.far.encode() + b"\0"})


def serve(t, disk, **more):
    dnsmasq = t.dnsmasq(boot_file="rill.efi", root_path="rill://10.99.0.1/uefi", **more)
    t.server({"uefi": disk.path}, default="uefi")
    return dnsmasq


def expect_read(t, m, disk, seconds=150):
    paths, far = m.wait_for(r"((?:blocks: path \S+\n)+)blocks: callback (\w+)\n", seconds).groups()
    asked, wrong = (int(n, 16) for n in m.wait_for(r"blocks: asked (\w+) wrong (\w+)\n", 60).groups())
    near = m.wait_for(r"blocks: secret (\w+)\n", 60).group(1)
    t.expect((near, far) == (disk.near, disk.far), "it read %s and %s, not %s and %s" % (near, far, disk.near, disk.far))
    t.expect(asked == ASKED and not wrong, "%d of %d answers are wrong:\n%s" % (wrong, asked, m.last_words()))
    ours = re.findall(r"path (\S+/Uri\(rill:\S+)\n", paths)           # iPXE's ROM has a Block IO, too, at its card
    t.expect(len(ours) == 1, "there is not one disk of ours:\n" + paths)
    t.token()
    return ours[0]


def expect_all(t, model, more, longer=0, driver=None, **bad):
    disk, cable = Disk(t.folder, "exit", longer), t.cable(0, **bad)
    ours, shown = efiboot.driven_by(t, model, driver)
    serve(t, disk, files=[ours])
    m = t.machine([cable.card(model, more)], firmware="efi")
    m.wait_for(r"card 52:54:00:99:00:01, " + shown, 150)
    efiboot.expect_calls(t, m, shown)
    expect_read(t, m, disk)
    m.wait_for(GONE, 60)
    m.wait_end(60)
    return cable.stop()
