# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The contenders of bench-rom: what is in the card's ROM, and drives the card itself. As BIOS and UEFI of peers.py.

Ours are the ROM files that are shipped, as they are built. iPXE is in the card as QEMU has it; the boot file that it asks DHCP
for is a script, so nobody need type.
"""
import network
import optionrom
import transfer
from peers import Count, CountEfi, Http, Iscsi, Rill


class InOurRom:
    def romfile(self, setting):
        return ",romfile=%s/rill-%s.rom" % (network.OUT, optionrom.IDS[setting.card].replace(":", "-"))


class InStockRom:
    """Also where the firmware has a driver of its own: the ROM's comes first then."""
    program = None

    def romfile(self, setting):
        return ""


class RillRom(InOurRom, Rill):
    """Nobody fetches anything."""
    program = None

    def files(self):
        return []


class CountRom(Count):
    """count.kpxe is what our ROM starts."""
    def romfile(self, setting):
        return ",romfile=" + optionrom.make(self.folder, optionrom.IDS[setting.card], "%s/%s" % (network.OUT, self.program))


class CountOwn(CountEfi):
    """By our own driver; the file comes over whatever the firmware has for the card."""
    def files(self):
        return [transfer.driven_by("own", self.program, self.folder)]


class IscsiRom(InStockRom, Iscsi):
    pass


class HttpRom(InStockRom, Http):
    pass


class RillRomTftp(InOurRom, transfer.Transfer):
    is_ours = True


class StockRomTftp(InStockRom, transfer.Transfer):
    pass


BIOS = {"count": CountRom, "rill": RillRom, "iscsi": IscsiRom, "http": HttpRom}
UEFI = {"count": CountOwn, "rill": RillRom, "iscsi": IscsiRom, "http": HttpRom, "tftp": RillRomTftp, "romtftp": StockRomTftp,
        "biosrom": transfer.ByRomOnBios}
