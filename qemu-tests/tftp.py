# SPDX-License-Identifier: BSD-2-Clause-Patent
"""TFTP servers other than dnsmasq, and a program that comes from one of them by Rill's chain step.

    Hpa(t), Atftpd(t)                   in the foreground; they serve what t.dnsmasq(tftp=False) would
    expect_chained(t, Hpa)              a BIOS and a UEFI machine chain guest/crc.asm and guest/crc.c, filled with bytes of this
                                        moment, which come from there as Rill does; None: dnsmasq serves
"""
import os
import struct
import zlib

import dosdisk
import network
import pcap
from machine import Failed, start, stop

MARK = b"RILL: here the case puts its bytes"
UEFI_BYTES, BIOS_BYTES = 3 << 20, 300 << 10     # of the former's data; a BIOS has no more than half a MiB for a program


class Tftpd:
    def __init__(self, t, words):
        self.log = t.folder + "/tftpd.log"
        self.process = start(words, self.log)
        t.running.append(self)
        network.wait_for_port(69, words[0], self.process, self.log)

    def stop(self):
        stop(self.process)


class Hpa(Tftpd):
    def __init__(self, t):
        super().__init__(t, ["build/out/tftpd-hpa/in.tftpd", "-L", "-4", "-u", "root", "-v", "--address", network.HERE + ":69",
                             "-s", os.path.abspath(t.folder + "/tftp")])


class Atftpd(Tftpd):
    def __init__(self, t):
        super().__init__(t, ["atftpd", "--daemon", "--no-fork", "--user", "root", "--group", "root", "--logfile", "-",
                             "--bind-address", network.HERE, os.path.abspath(t.folder + "/tftp")])


def bios_program(folder):
    """crc.bin, and its CRC."""
    code = bytearray(dosdisk.assemble("crc", folder + "/crc.bin"))
    program = code + os.urandom(BIOS_BYTES - len(code))
    struct.pack_into("<I", program, 4, len(program))
    with open(folder + "/crc.bin", "wb") as f:
        f.write(program)
    return zlib.crc32(program)


def uefi_program(folder):
    with open("build/out/crc.efi", "rb") as f:
        program = bytearray(f.read())
    at, data = program.index(MARK), os.urandom(UEFI_BYTES)
    if program[at + len(MARK):at + UEFI_BYTES].strip(b"\0"):
        raise Failed("crc.efi is not what it was: there is something between its bytes")
    program[at:at + UEFI_BYTES] = data
    with open(folder + "/crc.efi", "wb") as f:
        f.write(program)
    return zlib.crc32(data)


def expect_program(t, m, cable, name, crc):
    m.wait_for(r"starting " + name.replace(".", r"\."), 120)
    seen = m.wait_for(r"crc: ([0-9a-f]{8})\s", 60).group(1)
    t.expect(seen == "%08x" % crc, "%s says its CRC is %s, it is %08x" % (name, seen, crc))
    m.stop()
    cable.stop()
    sizes = [len(p.payload) - 4 for p in pcap.Pcap(cable.pcap)
             if p.payload[:2] == b"\0\3" and pcap.STREAM_PORT not in (p.source_port, p.target_port)]
    print("%s: %d blocks of up to %d bytes, those of Rill itself among them" % (name, len(sizes), max(sizes)))
    t.token()


def expect_chained(t, server=None):
    bios, efi = t.cable(0), t.cable(1)
    folder = t.folder + "/tftp"
    os.makedirs(folder)
    crcs = bios_program(folder), uefi_program(folder)
    t.dnsmasq(efi_file="rill.efi", tftp=server is None, more=[
        "--dhcp-userclass=set:rill,Rill", "--dhcp-boot=tag:rill,tag:!efi,crc.bin", "--dhcp-boot=tag:rill,tag:efi,crc.efi"])
    if server:
        server(t)
    m = t.machine([bios.card(more=",bootindex=0")])
    expect_program(t, m, bios, "crc.bin", crcs[0])
    m = t.machine([efi.card(more=",bootindex=0,romfile=")], firmware="efi")
    expect_program(t, m, efi, "crc.efi", crcs[1])
