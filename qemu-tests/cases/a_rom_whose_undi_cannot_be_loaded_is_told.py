# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Our CD finds, for a card that we have no driver for, a ROM whose UNDI ROM ID is damaged, one that is damaged itself, one whose
loader refuses, and one whose loader says all is well and leaves no !PXE: each is told by PXE's own code, 40:13 is as before, and
the BIOS goes on with its next device."""
import struct

import medium
from dosdisk import assemble

LIMIT = 300
ID_AT, ID_BYTES, SUM_AT, BASE_KB_AT = 0x40, 22, 6, 0x413
ROMS = (
    ((), 0, (r"PXE-E09: Unexpected UNDI loader error", r"there is no !PXE at 0000:0000")),
    (("-DSTATUS=6",), 0, (r"PXE-E09: Unexpected UNDI loader error", r"Status: 0006h")),
    ((), 1, (r"PXE-EC5: UNDI ROM ID structure is invalid", r"the ROM of 10ec:8139, at c\w{4}")),
    (("-DSPOILS",), 0, (r"PXE-EC6: UNDI driver image is invalid", r"the ROM of 10ec:8139, at c\w{4}")),
)


def make(t, number, words, wrong):
    path = "%s/undi%d.rom" % (t.folder, number)
    rom = bytearray(assemble("undi_rom", path, *words))
    rom[ID_AT + 5] = (wrong - sum(rom[ID_AT:ID_AT + ID_BYTES])) & 0xff
    rom[SUM_AT] = -sum(rom) & 0xff
    with open(path, "wb") as f:
        f.write(rom)
    return path


def run(t):
    sizes, (word, more) = set(), medium.next_device(t)
    t.dnsmasq(boot_file=None)
    for number, (words, wrong, told) in enumerate(ROMS):
        m, cable = medium.machine(t, "rill.iso", "ide-cd", *more, nic="rtl8139", firmware="bios",
                                  rom=",romfile=" + make(t, number, words, wrong))
        for pattern in told:
            m.wait_for(pattern, 60)
        m.wait_for(r"RILL-E09: there is no card that we can drive ourselves", 30)
        m.wait_for(r"next: %s\s" % word, 60)
        sizes.add(struct.unpack("<H", m.monitor.memory(BASE_KB_AT, 2))[0])
        m.stop()
        cable.stop()
        t.token()
    t.expect(len(sizes) == 1 and min(sizes) > 600, "40:13 was left at %s" % (sizes,))
