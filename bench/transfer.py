# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The contenders that only fetch: a program of 32 MiB by TFTP from atftpd, which grants windows.

The program (bench/payload/efi/fetched) says the CRC of its bulk, bytes that were made up for this run. The time is taken on the
cable: from the request that brought the first of the file to the last datagram, all that was begun anew between them included.
"""
import os
import shutil
import subprocess
import zlib

import network
import pcap
from machine import Failed
from peer import SNPONLY, Peer

PROGRAM, MARK = "fetched.efi", b"RILLBULK"
BULK_BYTES = 32 << 20
READ_REQUEST, TFTP_PORT = b"\0\x01", 69


def of(packets, name):
    """(seconds, bytes) of the last transfer of this file among the packets."""
    asked = ended = client = None
    size, came = 0, False
    for p in packets:
        if p.target_port == TFTP_PORT and p.payload.startswith(READ_REQUEST + name.encode() + b"\0"):
            if not (client and client[0] == p.source and came):     # who begins anew has the time of his first try, too
                asked, came = p.time, False
            client, size = (p.source, p.source_port), 0
        elif client and client in ((p.source, p.source_port), (p.target, p.target_port)):
            ended = p.time
            if p.payload[:2] == b"\0\x03" and (p.target, p.target_port) == client:
                size, came = size + len(p.payload) - 4, True
    return (ended - asked, size) if ended else None


class Transfer(Peer):
    reads_disk, pcap = False, True
    boot_file, more, files = PROGRAM, (), ()

    def __init__(self, folder, disk):
        super().__init__(folder)
        self.directory = os.path.abspath(folder + "/tftp")
        self.keep(network.Dnsmasq(folder, boot_file=self.boot_file, files=self.first_files(), more=self.more, tftp=False))
        self.bulk = os.urandom(BULK_BYTES)
        with open("%s/%s" % (network.OUT, PROGRAM), "rb") as f:
            before, rest = f.read().split(MARK.ljust(BULK_BYTES, b"\0"))
        with open("%s/%s" % (self.directory, PROGRAM), "wb") as f:
            f.write(before + self.bulk + rest)
        self.size = len(before + self.bulk + rest)
        process = self.start(["atftpd", "--daemon", "--no-fork", "--user", "root.root", "--logfile", "-",
                              "--bind-address", network.HERE, self.directory], "atftpd.log")
        network.wait_for_port(TFTP_PORT, "atftpd", process, folder + "/atftpd.log")

    def first_files(self):
        return self.files

    def figures(self, cable):
        found = of(pcap.Pcap(cable.pcap), PROGRAM)
        os.unlink(cable.pcap)
        if not found:
            raise Failed("%s was not fetched" % PROGRAM)
        if found[1] < self.size:
            raise Failed("%d bytes of %d came" % (found[1], self.size))
        return {"transfer": {"bytes": self.size, "us": int(found[0] * 1e6)}, "bulk": "%08x" % zlib.crc32(self.bulk)}


class ByFirmware(Transfer):
    """The firmware's PXE client fetches it, or that of the card's ROM."""


class ByRomOnBios(Transfer):
    """A BIOS machine's ROM, an iPXE with a driver of its own, runs a script that fetches it, and what it says is not known."""
    boot_file, needs = "script", "bios"
    EXIT = bytes.fromhex("b010 e6f4 faf4")      # mov al, EXIT_WELL's n; out 0xf4, al; cli; hlt

    def __init__(self, folder, disk):
        super().__init__(folder, disk)
        with open(self.directory + "/script", "w") as f:
            f.write("#!ipxe\nimgfetch tftp://%s/%s\nchain tftp://%s/exit.0\n" % (network.HERE, PROGRAM, network.HERE))
        with open(self.directory + "/exit.0", "wb") as f:
            f.write(self.EXIT)

    def figures(self, cable):
        found = super().figures(cable)
        del found["bulk"]
        return found


class SnponlyTftp(Transfer):
    """The firmware's PXE client fetches iPXE, and iPXE the program."""
    boot_file, files = "snponly.efi", (SNPONLY,)
    more = ("--dhcp-userclass=set:ipxe,iPXE", "--dhcp-boot=tag:ipxe," + PROGRAM)


def driven_by(driver, program, folder):
    """The path of this program, configured so."""
    path = "%s/%s" % (folder, program)
    shutil.copy("%s/%s" % (network.OUT, program), path)
    subprocess.run([network.OUT + "/rill-config", path, "--driver", driver], check=True, stdout=subprocess.DEVNULL)
    return path


class RillTftp(Transfer):
    """The firmware's PXE client fetches Rill, and Rill the program."""
    is_ours, boot_file, files = True, "rill.efi", (network.OUT + "/rill.efi",)
    more = ("--dhcp-userclass=set:rill,Rill", "--dhcp-boot=tag:rill," + PROGRAM)


class SnpTftp(RillTftp):
    """The same by the firmware's driver."""
    def first_files(self):
        return (driven_by("snp", "rill.efi", self.folder),)
