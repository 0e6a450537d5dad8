#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause-Patent
"""rom-check and build/rom against each other, and against what can be wrong.   rom_check_test.py ROM.bin RILL.rom RILL.kpxe

Of small ROMs of ours every bit of the BIOS image's heads is flipped: as it is, which the checksum shows, and with the checksums
put right again, as a builder would that makes a mistake. Only what free_places names may then be anything."""
import importlib.machinery
import importlib.util
import os
import struct
import subprocess
import sys
import tempfile

CHECK, BUILD, CONFIG = "firmware/rom/rom-check", "build/rom", "firmware/rill-config"


def must(holds, what):
    if not holds:
        sys.exit("rom_check_test: " + what)


def load(path):
    loader = importlib.machinery.SourceFileLoader("rom_check", path)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("rom_check", loader))
    sys.dont_write_bytecode = True
    loader.exec_module(module)
    return module


def faults(data):
    rom = rom_check.Rom(bytes(data))
    rom_check.check(rom)
    return rom.faults


def run(*words):
    return subprocess.run([sys.executable, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)


def write(path, data):
    with open(path, "wb") as f:
        f.write(data)


def read(path):
    with open(path, "rb") as f:
        return f.read()


def program():
    """As much of rill.kpxe as build/rom and rom-check look at: with calls in it, and a configuration block."""
    body = b"\xe9\0\0\0\0\0\0\0RILLSELF" + b"".join(b"\xe8" + struct.pack("<i", 900 - 5 * i) for i in range(100))
    return body + b"RILLCONF\0\1".ljust(512, b"\0") + b"end of the program" * 9


def pe(machine=0x8664, subsystem=11):
    head = b"MZ".ljust(0x3c, b"\0") + struct.pack("<I", 0x40) + b"PE\0\0" + struct.pack("<H", machine)
    return (head.ljust(0x40 + 24 + 68, b"\0") + struct.pack("<H", subsystem)).ljust(900, b"\x90")


def make(folder, head, *more):
    write(folder + "/program", program())
    made = run(BUILD, "--nic", "1af4:1000", "--bios", head, "--payload", folder + "/program", *more, folder + "/small.rom")
    must(made.returncode == 0, "build/rom: " + made.stderr)
    return read(folder + "/small.rom")


def put_right(rom):
    """The checksums of a BIOS image: of $PnP, then of all, as far as they can be found."""
    rom = bytearray(rom)
    (pnp,) = struct.unpack_from("<H", rom, 0x1a)
    if rom[pnp:pnp + 4] == b"$PnP" and pnp + 32 <= len(rom) and pnp + 16 * rom[pnp + 5] <= len(rom):
        rom[pnp + 9] = (rom[pnp + 9] - sum(rom[pnp:pnp + 16 * rom[pnp + 5]])) & 255
    rom[6] = (rom[6] - sum(rom[:512 * rom[2]])) & 255
    return rom


def free_places(rom):
    """Where any value is as good as another to whoever knows only the file."""
    pcir, pnp = struct.unpack_from("<HH", rom, 0x18)
    spans = (
        (4, 6, "init's jump, as far as it stays in the image"),
        (6, 7, "the checksum itself"),
        (pcir + 4, pcir + 8, "the card's id"),
        (pcir + 18, pcir + 20, "the code's revision"),
        (pnp + 9, pnp + 10, "$PnP's checksum"),
        (pnp + 10, pnp + 14, "a serial number"),
        (pnp + 14, pnp + 18, "names, as far as there is a text"),
        (pnp + 21, pnp + 22, "what the device can, but for its boot bit"),
        (pnp + 22, pnp + 28, "vectors, as far as they stay in the image"),
        (pnp + 30, pnp + 32, "the same"))
    return {at for begin, end, _ in spans for at in range(begin, end)}


def heads(rom):
    pcir, pnp = struct.unpack_from("<HH", rom, 0x18)
    return sorted(set(range(0x38)) | set(range(pcir, pcir + 0x1c)) | set(range(pnp, pnp + 32)))


def flips(rom):
    free, left = free_places(rom), set()
    for at in heads(rom):
        for bit in range(8):
            flipped = bytearray(rom)
            flipped[at] ^= 1 << bit
            must(faults(flipped), "bit %d of byte %xh is flipped, and nothing is noticed" % (bit, at))
            if not faults(put_right(flipped)):
                left.add(at)
    must(left <= free, "flipped with right checksums, and not noticed: %s" % ", ".join("%xh" % at for at in sorted(left - free)))


def patched(rom, at, data):
    rom = bytearray(rom)
    rom[at:at + len(data)] = data
    return put_right(rom)


def words(rom):
    """Each fault is told in its words, at its place."""
    pcir, pnp = struct.unpack_from("<HH", rom, 0x18)
    resident, config = struct.unpack_from("<HH", rom, 0x24)
    for at, data, text in (
            (0, b"\0", "at 000000h: no image begins here (00 aa)"), (2, b"\0", "at 000002h: the size is 0"),
            (2, bytes([rom[2] + 1]), "POST would load"), (3, b"\0", "no code at the entry"),
            (4, b"\xff\x7f", "not in the image"), (7, b"\1", "unused part of the head"),
            (0x18, b"\x3a\0", "no PCI data structure is there"), (0x16, b"\x40\0", "no UNDI ROM ID"),
            (0x1a, b"\0\0", "no PnP expansion header"), (pcir + 4, b"\0\0", "vendor 0000"),
            (pcir + 10, b"\x10\0", "length 16"), (pcir + 12, b"\1", "revision 1 is unknown"),
            (pcir + 16, b"\0\0", "the image's length is 0"), (pcir + 16, b"\xff\0", "of which"),
            (pcir + 20, b"\7", "code type 7"), (pcir + 21, b"\0", "no image begins here"),
            (pcir + 21, b"\x81", "indicator 81h"), (pcir + 22, b"\xff\0", "more than the image"),
            (pcir + 24, b"\xff\xff", "configuration utility"), (pcir + 26, b"\xff\xff", "CLP"),
            (pcir + 8, b"\xf0\x7f", "device list does not end"), (pcir + 8, b"\4\0", "in the structure itself"),
            (pnp + 4, b"\2", "revision 2"), (pnp + 5, b"\1", "$PnP says it has 16 bytes"),
            (pnp + 6, b"\1\0", "no further $PnP"), (pnp + 8, b"\1", "reserved"), (pnp + 16, b"\0\0", "without a name"),
            (pnp + 16, b"\xff\x7f", "no text"), (pnp + 18, b"\1", "structure says class"),
            (pnp + 21, b"\xf0", "not a boot device"), (pnp + 26, b"\xff\xff", "BEV"),
            (0x24, b"\xff\xff", "would stay in upper memory"), (config, b"S", "no configuration block"),
            (0x2c, b"\0\0", "payload is"), (0x34, b"\1", "running machine"),
            (resident + 40, b"\xff\xff\xff", "payload is damaged"), (0x28, b"\1", "not rill.kpxe")):
        told = faults(patched(rom, at, data))
        must(any(text in line for line in told), "%s at %xh: not '%s' but %s" % (data.hex(), at, text, told))
    must(any("add up to" in line and "at 000006h" in line for line in faults(rom[:6] + bytes([rom[6] ^ 1]) + rom[7:])),
         "the checksum")
    moved = patched(patched(rom, 0x400, rom[pcir:pcir + 28]), 0x18, b"\0\4")
    must(any("behind the image's 512 bytes" in line for line in faults(patched(moved, 0x410, b"\1\0"))), "PCIR outside")
    at_end = patched(patched(rom, len(rom) - 4, b"$PnP"), 0x1a, struct.pack("<H", len(rom) - 4))
    must(any("$PnP says it has 0 bytes" in line for line in faults(at_end)), "$PnP at the end: %s" % faults(at_end))
    must(any("incomplete" in line for line in faults(rom[:-512])), "a short file")
    must(any("behind the last image" in line for line in faults(rom + b"x")), "a longer file")
    must(not faults(rom + bytes(512)) and not faults(rom + b"\xff" * 512), "a flash that is larger than the file")


def both(folder, head):
    """With an image for UEFI behind it."""
    write(folder + "/program.efi", pe())
    rom = make(folder, head, "--efi", folder + "/program.efi")
    first = rom[2] * 512
    must(not faults(rom) and len(rom) - first == 4096, "with an EFI image: %s" % faults(rom))
    (pcir,) = struct.unpack_from("<H", rom, first + 0x18)
    must(rom[first + pcir + 21] == 0x80 and rom[0x38 + 21] == 0 and rom[first + pcir + 4:first + pcir + 8] == b"\xf4\x1a\0\x10",
         "the last image says so, and only it; and for which card it is")
    for at, data, text in (
            (4, b"\0", "EFI signature"), (2, b"\xff", "of an image of"), (8, b"\x0a", "subsystem 10"),
            (12, b"\2", "compression"), (14, b"\1", "reserved"), (22, b"\0\0", "program is at 0h"),
            (22, b"\x40\1", "no PE program"), (12, b"\0", "no PE program"),
            (0x40, b"\xff\xff\xff\x7f", "damaged: cut off"), (0x44, b"\1\0\0\1", "damaged: it would have 16777217 bytes"),
            (10, b"\x4c\1", "machine 14c: the program's own head says 8664"),
            (pcir + 21, b"\0", "no image begins"), (pcir + 6, b"\1", "different cards"),
            (pcir + 16, b"\4\0", "of less than 4096")):
        told = faults(rom[:first + at] + data + rom[first + at + len(data):])
        must(any(text in line for line in told), "EFI, %s at %xh: not '%s' but %s" % (data.hex(), at, text, told))
    for wrong in (b"no program", b""):
        write(folder + "/program.efi", wrong)
        must(run(BUILD, "--nic", "1af4:1000", "--bios", head, "--payload", folder + "/program", "--efi", folder + "/program.efi",
                 folder + "/x").returncode != 0, "build/rom takes what is no program")


def split(folder, head):
    """With the payload in an image of its own, behind one for UEFI."""
    write(folder + "/program.efi", pe())
    rom, whole = make(folder, head, "--efi", folder + "/program.efi", "--split"), make(folder, head)
    resident, payload, length = struct.unpack_from("<H6xII", rom, 0x24)
    first, last = rom[2] * 512, payload - 0x40
    must(not faults(rom) and first == resident and last == first + 4096 and len(rom) - last == rom[last + 2] * 512,
         "a ROM that is split: %s" % faults(rom))
    must(rom[payload:payload + length] == whole[resident:resident + length], "the payload is another one")
    must([rom[at + 0x31] for at in (first, last)] == [0, 0x80], "the last image says so, and only it")
    flips(rom)
    for at, data, text in (
            (last + 2, b"\0", "the same: some BIOSes take it for the length"), (last + 0x1c + 20, b"\xfe", "code type 254"),
            (last + 0x1c + 20, b"\xfe", "no image of code type 255"), (0x2c, b"\x41", "no image of code type 255"),
            (0x30, b"\xff\xff", "no image of code type 255"), (payload + 40, b"\xff\xff\xff", "payload is damaged"),
            (0x34, b"\1", "running machine")):
        told = faults(patched(rom, at, data))
        must(any(text in line for line in told), "split, %s at %xh: not '%s' but %s" % (data.hex(), at, text, told))
    must(any("no image begins here" in line for line in faults(rom[:last])), "without its payload")


def configured(folder, head, *more):
    """rill-config finds the block, and the ROM is right afterwards; the payload never changes."""
    before = make(folder, head, *more)
    path = folder + "/small.rom"
    must(run(CONFIG, path, "--uri", "rill://192.168.1.2/debian", "--policy", "reboot").returncode == 0, "rill-config fails")
    after = read(path)
    (resident,) = struct.unpack_from("<H", after, 0x24)
    must(after != before and not faults(after) and run(CONFIG, path, "--check").returncode == 0, "it is wrong after rill-config")
    must(after[resident:] == before[resident:], "rill-config changed the payload")
    must("rill://192.168.1.2/debian" in run(CONFIG, path).stdout, "rill-config does not show it")


def main(head, product, payload):
    with tempfile.TemporaryDirectory() as folder:
        rom = make(folder, head)
        must(not faults(rom), "a ROM of ours has faults: %s" % faults(rom))
        must(rom == make(folder, head), "made twice it is not the same")
        flips(rom)
        words(rom)
        both(folder, head)
        split(folder, head)
        configured(folder, head)
        configured(folder, head, "--split")
        for nic in ("1af4", "1af4:10000", "card"):
            must(run(BUILD, "--nic", nic, "--bios", head, "--payload", folder + "/program", folder + "/x").returncode != 0, nic)
    said = run(CHECK, product)
    must(said.returncode == 0, said.stdout + said.stderr)
    for text in ("for PC-AT (BIOS)", "card 1af4:1000", "Rill (PCI xx:xx.x), by Rill", "unpacked %d" % os.path.getsize(payload)):
        must(text in said.stdout, "rom-check does not say '%s':\n%s" % (text, said.stdout))
    must(run(CHECK, "-q", product).stdout == "" and run(CHECK, "/nowhere").returncode == 2, "-q, and a file that is not there")


rom_check = load(CHECK)
main(*sys.argv[1:])
