# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Option ROMs of our making, and what SeaBIOS does with them.

    stub = Stub(t.folder)                   a payload that tells how it was called (guest/payload.asm)
    rom = make(t.folder, "1af4:1000", stub.path, "--vlan", "9")     a ROM with this payload, configured by rill-config
    rom = product(t.folder, "1af4:1000", "--policy", "next")        the ROM that is shipped, configured
    in_upper_memory(m)                      [(segment, bytes, where their payload is)] of our ROMs that stay, from outside
    bios_says(m, r"...", 30)                until SeaBIOS has said this, to its debug port
    stub.expect(t, m, "0028")               it was called for this card, with all its bytes right
"""
import os
import secrets
import shutil
import struct
import subprocess
import time

from dosdisk import assemble
from machine import Failed

UPPER, UPPER_END, ALIGN = 0xC0000, 0xF0000, 2048
MOVED_TO = 0x34                         # firmware/rom/rom.h
VLAN = 516                              # docs/configuration.md


def call(*words):
    result = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if result.returncode:
        raise Failed("%s: %s" % (" ".join(words), result.stdout))


def configure(path, words):
    if words:
        call("build/out/rill-config", path, *words)
    call("firmware/rom/rom-check", path)
    return path


def make(folder, nic, payload, *configured):
    path = "%s/%s.rom" % (folder, nic.replace(":", "-"))
    call("build/rom", "--nic", nic, "--bios", "build/out/bios/rom.bin", "--payload", payload, path)
    return configure(path, configured)


def product(folder, nic, *configured):
    name = "rill-%s.rom" % nic.replace(":", "-")
    shutil.copy("build/out/" + name, folder)
    return configure("%s/%s" % (folder, name), configured)


def in_upper_memory(m):
    memory, found = m.monitor.memory(UPPER, UPPER_END - UPPER), []
    for at in range(0, len(memory), ALIGN):
        if memory[at:at + 2] == b"\x55\xaa" and memory[at + 0x20:at + 0x24] == b"RROM":
            size = memory[at + 2] * 512
            if sum(memory[at:at + size]) & 0xff:
                raise Failed("the ROM at %05x has a wrong checksum after POST" % (UPPER + at))
            found.append(((UPPER + at) >> 4, size, struct.unpack_from("<I", memory, at + MOVED_TO)[0]))
    return found


def bios_log(m):
    with open(m.folder + "/bios.log", errors="replace") as f:
        return f.read()


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
