# SPDX-License-Identifier: BSD-2-Clause-Patent
"""What SeaBIOS is not, guest/old_bios.asm plays: a BIOS of PCI 3.0 that loads a ROM into base memory and names the place for what
stays; one that lets somebody write over the payload in memory, where the flash still has it; one without PMM, where the payload
stays where it is; one with neither, where a ROM that is not split must give up; one that leaves the card's flash no address,
out of which a ROM that is split comes, or takes it back; one that names the wrong card. Each time the checksum is right and,
where it can boot, the payload is called as it was packed, and the card's command and ROM registers are as before."""
import os

import dosdisk
import optionrom
import picture

LIMIT = 120
WRONG_CARD = "Rill: PXE-E01: PCI Vendor and Device IDs do not match!"
NOT_SPLIT = ("Rill: the option ROM's payload was overwritten in memory", "Rill: this BIOS has no memory for its option ROM")
SPLIT = ("Rill: the rest of the card's ROM cannot be read",)


def run(t):
    stub = optionrom.Stub(t.folder, size=40000)
    for split in (False, True):
        through_all_ages(t, stub, split)
    in_a_flash_that_is_too_small(t, stub)


def in_a_flash_that_is_too_small(t, stub):
    """POST refuses, before it reads what is behind the end: another card's registers, perhaps."""
    rom = optionrom.make(t.folder, "1af4:1000", stub.path, split=True)
    os.truncate(rom, 16384)
    os.unlink(t.folder + "/bios.log")               # of the machine before
    m = t.machine([t.cable(len(t.cables)).card(more=",addr=5,romfile=" + rom)])
    optionrom.bios_says(m, "Booting from", 30)
    t.expect(SPLIT[0] in picture.screen(m), "the screen does not say '%s'" % SPLIT[0])
    m.stop()
    t.token()


def through_all_ages(t, stub, split):
    rom = optionrom.make(t.folder, "1af4:1000", stub.path, split=split)
    stays = optionrom.resident_bytes(rom) // 512
    bios = t.folder + "/old_bios.rom"
    data = bytearray(dosdisk.assemble("old_bios", bios, '-DROM="%s"' % os.path.abspath(rom), *["-DSPLIT"] * split))
    data[6] = -sum(data) & 0xff
    with open(bios, "wb") as f:
        f.write(data)
    # A new cable for each machine. A ROM that is split is in the card, too: that is its flash.
    m = t.machine([t.cable(len(t.cables)).card(more=",addr=5,romfile=%s" % (rom if split else ""))], ["-option-rom", bios])

    def told(what, answer, size, boots, moved, starts=True):
        seen = m.wait_for(r"bios: %s answer (\w{4}) size (\w\w) sum (\w\w) boots (\w\w) moved (\w\w)" % what, 60).groups()
        t.expect(seen == ("%04x" % answer, "%02x" % size, "00", "%02x" % boots, "%02x" % moved), "%s: %s" % (what, seen))
        if boots and starts:
            stub.expect(t, m, "0028")
        if boots:
            t.expect(m.wait_for(r"bios: card as before (\w\w)", 10).group(1) == "01", "%s: the card is not as it was" % what)

    told(r"PCI 3\.0", 0x20, stays, 1, 1)
    told("overwritten", 0x20, stays, 1, 1, starts=split)
    if split:
        told("no PMM", 0x20, stays, 1, 0)
        told(r"PCI 3\.0, no PMM", 0x20, stays, 1, 0)
        told("flash without address", 0, stays, 0, 0)
        told("flash that loses its address", 0x20, stays, 1, 0, starts=False)
    else:
        told("no PMM", 0x20, os.path.getsize(rom) // 512, 1, 0)
        told(r"PCI 3\.0, no PMM", 0, stays, 0, 0)
    told("wrong card", 0, stays, 0, 0)
    m.wait_for(r"bios: done", 10)
    for words in (SPLIT if split else NOT_SPLIT) + (WRONG_CARD,):
        t.expect(words in picture.screen(m), "the screen does not say '%s'" % words)
    m.stop()
    t.token()
