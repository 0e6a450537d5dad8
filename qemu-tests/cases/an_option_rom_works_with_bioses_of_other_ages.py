# SPDX-License-Identifier: BSD-2-Clause-Patent
"""What SeaBIOS is not, guest/old_bios.asm plays: a BIOS of PCI 3.0 that loads a ROM into base memory and names the place for what
stays; one without PMM, where nothing shrinks and the payload stays in the ROM; one with neither, where Rill must give up; one
that names the wrong card. Each time the checksum is right and, where it can boot, the payload is called as it was packed."""
import os

import dosdisk
import optionrom
import picture

LIMIT = 90
STAYS = 10                              # units of 512 bytes


def run(t):
    stub = optionrom.Stub(t.folder, size=40000)
    rom = optionrom.make(t.folder, "1af4:1000", stub.path)
    bios = t.folder + "/old_bios.rom"
    data = bytearray(dosdisk.assemble("old_bios", bios, '-DROM="%s"' % os.path.abspath(rom)))
    data[6] = -sum(data) & 0xff
    with open(bios, "wb") as f:
        f.write(data)
    m = t.machine([t.cable().card(more=",addr=5,romfile=")], ["-option-rom", bios])

    def told(what, answer, size, boots, moved):
        seen = m.wait_for(r"bios: %s answer (\w{4}) size (\w\w) sum (\w\w) boots (\w\w) moved (\w\w)" % what, 60).groups()
        t.expect(seen == ("%04x" % answer, "%02x" % size, "00", "%02x" % boots, "%02x" % moved), "%s: %s" % (what, seen))
        if boots:
            stub.expect(t, m, "0028")

    told(r"PCI 3\.0", 0x20, STAYS, 1, 1)
    told("no PMM", 0x20, os.path.getsize(rom) // 512, 1, 0)
    told(r"PCI 3\.0, no PMM", 0, STAYS, 0, 0)
    told("wrong card", 0, STAYS, 0, 0)
    m.wait_for(r"bios: done", 10)
    for words in ("Rill: this BIOS has no memory for its option ROM", "PXE-E01: PCI Vendor and Device IDs do not match!"):
        t.expect(words in picture.screen(m), "the screen does not say '%s'" % words)
    t.token()
