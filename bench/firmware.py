# SPDX-License-Identifier: BSD-2-Clause-Patent
"""What differs between measuring on a BIOS and on UEFI: the machine, what it reads, who competes, and the words for it.

    firmware = BIOS or UEFI
    firmware.card(cable, card)                  QEMU's words for the card
    firmware.machine                            what machine.py calls it
    firmware.work(seed, quick)                  what is read (bench/image.py)
    firmware.peers                              contender: its class (bench/peers.py)
    firmware.names                              contender: its name in tables; in this order
    firmware.loss                               contender: the most loss it runs with, in percent; not named: none
    firmware.fetch                              those that have no disk and only fetch a file; ours first
    firmware.only                               contender: the cards it runs on; not named: all
    firmware.given_up                           what it says when nothing boots
    firmware.phases, .sequential, .calls        the guest's lines; a sequential request; inside of what the time is taken
"""
import image
import peers


class Bios:
    name, title, part = "bios", "iPXE `undionly.kpxe`", "bench-bios"
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
    def card(cable, card):
        return cable.card(card, ",bootindex=0")

    @staticmethod
    def work(seed, quick):
        return image.Work(seed, 64, 100, 50) if quick else image.Work(seed)


class Uefi:
    name, title, part = "uefi", "iPXE `snponly.efi`", "bench-efi"
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
    def card(cable, card):
        """OVMF's own driver where it has one, the card's ROM where not."""
        return cable.card(card, (",romfile=" if card.startswith("virtio") else "") + ",bootindex=0")

    @staticmethod
    def work(seed, quick):
        return image.EfiWork(seed, 64, 200) if quick else image.EfiWork(seed)


ALL = {"bios": Bios, "uefi": Uefi}
