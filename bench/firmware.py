# SPDX-License-Identifier: BSD-2-Clause-Patent
"""What differs between the measurements, on a BIOS and on UEFI: the machine, what it reads, who competes, and the words for it.

    firmware = ALL["bios"] or another
    firmware.romfile(card)                      QEMU's words for what is in the card's ROM, if a contender has no word in it
    firmware.machine                            what machine.py calls it
    firmware.work(seed, quick)                  what is read (bench/image.py)
    firmware.peers                              contender: its class (bench/peers.py)
    firmware.names                              contender: its name in tables; in this order
    firmware.loss                               contender: the most loss it runs with, in percent; not named: none
    firmware.fetch                              those that have no disk and only fetch a file; ours first
    firmware.only                               contender: the cards it runs on; not named: all
    firmware.cards, .losses                     where it is measured if BENCH_CARDS and BENCH_LOSS say nothing
    firmware.given_up                           what it says when nothing boots
    firmware.versions                           whose releases a reader wants to know, %(package)s
    firmware.phases, .sequential, .calls        the guest's lines; a sequential request; inside of what the time is taken
"""
import image
import inrom
import peers

FILE = "iPXE `%s` is Debian's `ipxe` %%(ipxe)s (of 2019), the cards' ROMs are `ipxe-qemu` %%(ipxe-qemu)s; "
IN_ROM = "iPXE is what QEMU has in these cards, `efi-*.rom` of Debian's `ipxe-qemu` %(ipxe-qemu)s (of 2019); "
SERVERS = "tgt %(tgt)s, nginx %(nginx-light)s"


class Bios:
    name, part, cards, losses = "bios", "bench-bios", "virtio-net-pci e1000", "0 0.1 1"
    versions = FILE % "undionly.kpxe" + SERVERS + ", vblade %(vblade)s"
    given_up = "No bootable device."
    phases, sequential, calls = ("seq", "rnd", "chs"), "32 KiB", "INT 13h"
    peers = peers.BIOS
    names = {
        "count": "counting image", "rill": "**Rill**", "iscsi": "undionly, iSCSI (tgt)",
        "http": "undionly, HTTP (nginx)", "aoe": "undionly, AoE (vblade)",
    }
    # With loss AoE (one frame at a time, a second a loss) would take hours, and the counting image has nothing to repair.
    loss, fetch, only = {"rill": 1, "iscsi": 1, "http": 1}, (), {}

    machine = "bios"

    @staticmethod
    def romfile(card):
        return ""

    @staticmethod
    def work(seed, quick):
        return image.Work(seed, 64, 100, 50) if quick else image.Work(seed)


class Uefi:
    name, part, cards, losses = "uefi", "bench-efi", "virtio-net-pci e1000", "0 0.1 1"
    versions = FILE % "snponly.efi" + SERVERS + ", OVMF %(ovmf)s, atftpd %(atftpd)s"
    given_up = "UEFI Interactive Shell"
    phases, sequential, calls = ("seq", "rnd"), "64 KiB", "ReadBlocks"
    peers = peers.UEFI
    names = {
        "count": "counting image", "rill": "**Rill**", "snp": "**Rill**, over SNP", "iscsi": "snponly, iSCSI (tgt)",
        "http": "snponly, HTTP (nginx)", "tftp": "**Rill**, TFTP", "tftpsnp": "**Rill**, over SNP, TFTP",
        "edk2": "EDK2, TFTP", "snptftp": "snponly, TFTP", "romtftp": "iPXE's ROM, TFTP", "biosrom": "iPXE's ROM on a BIOS, TFTP",
    }
    # At 1 % iPXE's TFTP is not done within four minutes: each loss costs it a second.
    loss = {"rill": 1, "snp": 1, "iscsi": 1, "http": 1, "tftp": 1, "tftpsnp": 1,
            "snptftp": 0.1, "romtftp": 0.1, "biosrom": 0.1}
    fetch = ("tftp", "tftpsnp", "edk2", "snptftp", "romtftp", "biosrom")
    # The ROM of any other card is an iPXE, whose own driver and TFTP client take the place of the firmware's.
    # Rill takes a driver of its own for virtio-net, SNP for the other.
    only = {"edk2": ("virtio-net-pci",), "snptftp": ("virtio-net-pci",), "romtftp": ("e1000",),
            "biosrom": ("virtio-net-pci",), "snp": ("virtio-net-pci",), "tftpsnp": ("virtio-net-pci",)}

    machine = "efi"

    @staticmethod
    def romfile(card):
        """OVMF's own driver where it has one, the card's ROM where not."""
        return ",romfile=" if card.startswith("virtio") else ""

    @staticmethod
    def work(seed, quick):
        return image.EfiWork(seed, 64, 200) if quick else image.EfiWork(seed)


class RomBios(Bios):
    name, part, cards, losses = "rom-bios", "bench-rom-bios", "virtio-net-pci e1000 e1000e", "0"
    versions = IN_ROM + SERVERS + ", SeaBIOS %(seabios)s"
    peers = inrom.BIOS
    names = {
        "count": "counting image, by our driver", "rill": "**Rill's ROM**", "iscsi": "iPXE's ROM, iSCSI (tgt)",
        "http": "iPXE's ROM, HTTP (nginx)",
    }


class RomUefi(Uefi):
    name, part, cards, losses = "rom-uefi", "bench-rom-uefi", "virtio-net-pci e1000 e1000e", "0"
    versions = IN_ROM + SERVERS + ", OVMF %(ovmf)s, atftpd %(atftpd)s"
    peers = inrom.UEFI
    names = RomBios.names | {
        "tftp": "**Rill's ROM**, TFTP", "romtftp": "iPXE's ROM, TFTP", "biosrom": "iPXE's ROM on a BIOS, TFTP",
    }
    loss = {"rill": 1, "iscsi": 1, "http": 1, "tftp": 1, "romtftp": 0.1, "biosrom": 0.1}
    fetch, only = ("tftp", "romtftp", "biosrom"), {}


ALL = {firmware.name: firmware for firmware in (Bios, Uefi, RomBios, RomUefi)}
