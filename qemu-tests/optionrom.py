# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Option ROMs of our making, and what SeaBIOS does with them.

    stub = Stub(t.folder)                   a payload that tells how it was called (guest/payload.asm)
    rom = make(t.folder, "1af4:1000", stub.path, "--vlan", "9")     a ROM with this payload, configured by rill-config;
                                                    split=True: split; efi=PATH: with UEFI's
    rom = product(t.folder, "1af4:1000", "--policy", "next")        the ROM that is shipped, configured
    card = optionrom.card(t, cable, "e1000")        QEMU's words for the card with that ROM in it, first in the boot order;
                                                    order="": not in it
    in_upper_memory(m)                      [(segment, bytes, where their payload is)] of our ROMs that stay, from outside
    t.machine(cards, map_disk(t.folder, 1))     with a disk, the second boot device, which tells the memory map and stops
    seen = at_map_disk(m)                   what it told, and the first MiB, from outside
    expect_no_trace(t, roms, without, after)    two of them, without ROMs and with these, are the same but for what is named
    bios_says(m, "...", 30)                until SeaBIOS has said this, to its debug port
    stub.expect(t, m, "0028")               it was called for this card, with all its bytes right
"""
import os
import re
import secrets
import shutil
import struct
import subprocess
import time

from dosdisk import assemble
from machine import Failed

MIB, EBDA = 1 << 20, 0x9FC00
UPPER, UPPER_END, ALIGN = 0xC0000, 0xF0000, 2048
RESIDENT, MOVED_TO = 0x24, 0x34         # firmware/rom/rom.h
UPPER_MEMORY_MAX = 6144                 # what may stay of one ROM
VLAN = 516                              # docs/configuration.md
IDS = {"e1000": "8086:100e", "e1000e": "8086:10d3", "virtio-net-pci": "1af4:1000"}


def call(*words):
    result = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if result.returncode:
        raise Failed("%s: %s" % (" ".join(words), result.stdout))


def configure(path, words):
    if words:
        call("build/out/rill-config", path, *words)
    call("firmware/rom/rom-check", path)
    return path


def make(folder, nic, payload, *configured, split=False, efi=None):
    path = "%s/%s.rom" % (folder, nic.replace(":", "-"))
    call("build/rom", "--nic", nic, "--bios", "build/out/bios/rom.bin", "--payload", payload, *["--split"] * split,
         *["--efi", efi] * bool(efi), path)
    return configure(path, configured)


def resident_bytes(path):
    with open(path, "rb") as f:
        return struct.unpack_from("<H", f.read(RESIDENT + 2), RESIDENT)[0]


def product(folder, nic, *configured):
    name = "rill-%s.rom" % nic.replace(":", "-")
    shutil.copy("build/out/" + name, folder)
    return configure("%s/%s" % (folder, name), configured)


def card(t, cable, model, order=",bootindex=0"):
    return cable.card(model, "%s,romfile=%s" % (order, product(t.folder, IDS[model])))


def in_upper_memory(m):
    memory, found = m.monitor.memory(UPPER, UPPER_END - UPPER), []
    for at in range(0, len(memory), ALIGN):
        if memory[at:at + 2] == b"\x55\xaa" and memory[at + 0x20:at + 0x24] == b"RROM":
            size = memory[at + 2] * 512
            if sum(memory[at:at + size]) & 0xff:
                raise Failed("the ROM at %05x has a wrong checksum after POST" % (UPPER + at))
            found.append(((UPPER + at) >> 4, size, struct.unpack_from("<I", memory, at + MOVED_TO)[0]))
    return found


def map_disk(folder, bootindex):
    path = folder + "/map.img"
    assemble("map", path)
    with open(path, "ab") as f:
        f.truncate(MIB)
    return ["-drive", "file=%s,format=raw,if=none,id=map" % path, "-device", "ide-hd,drive=map,bootindex=%d" % bootindex]


def at_map_disk(m):
    m.wait_for(r"map: end\s", 60)
    return m.monitor.memory(0, MIB), re.findall(r"map: (.*)", m.text)


def may_differ(roms):
    """From, to, bytes at most, what."""
    begin, end = roms[0][0] << 4, (roms[-1][0] << 4) + roms[-1][1]
    return (
        (0x450, 0x460, 16, "where the cursor is"),
        (0x46C, 0x471, 5, "tick count"),
        (0x6000, 0x7C00, 1024, "stacks of the BIOS while it boots, and of a boot sector"),
        (EBDA, 0xA0000, 256, "the BIOS's own variables: a drive number, its stack"),
        (0xA0000, 0xC0000, 0x20000, "the screen"),
        (begin, end + 5 * ALIGN, 6 * ALIGN * len(roms), "the ROMs, and where QEMU's kvmvapic.bin comes to lie behind them"),
        (0xE0000, MIB, 1024, "SeaBIOS's data: a time, its boot menu, the stack of its interrupts"),
    )


def expect_no_trace(t, roms, without, after):
    t.expect(len(after[1]) >= 8 and without[1] == after[1], "of memory is told\n%s\ninstead of\n%s" % (
        "\n".join(after[1]), "\n".join(without[1])))
    other = [at for at in range(MIB) if without[0][at] != after[0][at]]
    for start, end, most, what in may_differ(roms):
        here = [at for at in other if start <= at < end]
        other = [at for at in other if not start <= at < end]
        print("%d bytes differ from %05x to %05x: %s" % (len(here), start, end, what))
        t.expect(len(here) <= most, "that are more than %d" % most)
    t.expect(not other, "%d bytes differ, the first and last at %s" % (
        len(other), ", ".join("%05x" % at for at in other[:8] + other[-1:])))
    t.token()


def bios_log(m):
    try:
        with open(m.folder + "/bios.log", errors="replace") as f:
            return f.read()
    except FileNotFoundError:                               # QEMU has only just begun
        return ""


def bios_says(m, text, seconds):
    until = time.time() + seconds
    while text not in bios_log(m):
        if time.time() > until:
            raise Failed("SeaBIOS did not say '%s' within %d s; its last words:\n%s" % (text, seconds, bios_log(m)[-800:]))
        m.pump(0.2)


class Stub:
    def __init__(self, folder, size=100000):
        filling = secrets.token_bytes(size // 4) + bytes(size // 4) + secrets.token_bytes(2000) * (size // 4000)
        filling += bytes(-len(filling) % 16)
        with open(folder + "/filling", "wb") as f:
            f.write(filling)
        self.path = folder + "/payload.bin"
        self.bytes = len(assemble("payload", self.path, '-DFILLING="%s"' % os.path.abspath(folder + "/filling")))
        self.sum = sum(struct.unpack("<%dI" % (len(filling) // 4), filling)) & 0xffffffff

    def expect(self, t, m, card, vlan=None):
        eax, seen, segment, length, tlv, total = m.wait_for(
            r"payload: EAX (\w{8}) card (\w{4}) segment (\w{4}) configured (\w{4}) by (\w{8}) sum (\w{8})\s", 60).groups()
        t.expect(eax == "4c4c4952" and segment == "0000", "it was called with EAX %s, at segment %s" % (eax, segment))
        t.expect(seen == card, "it was called for card %s" % seen)
        t.expect(total == "%08x" % self.sum, "its bytes have the sum %s, not %08x" % (total, self.sum))
        right = ("0006", "%08x" % int.from_bytes(struct.pack(">HH", VLAN, 2), "little")) if vlan else ("0000", "00000000")
        t.expect((length, tlv) == right, "its configuration has %s bytes, by %s" % (length, tlv))
        m.wait_for(r"payload: done", 10)
        t.token()
