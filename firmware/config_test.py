#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause-Patent
"""rill-config on a made-up image: what it writes is what docs/configuration.md says, and nothing else changes."""
import os
import re
import struct
import subprocess
import sys
import tempfile

EMPTY = b"RILLCONF\0\1" + bytes(2 + 500)
BEFORE, AFTER = b"code that looks for RILLCONF, too " * 9, b"what stands behind the block"
BETWEEN = b"the other program"


def run(*words):
    return subprocess.run([sys.executable, "firmware/rill-config", *words], capture_output=True, text=True)


def shown(said, name):
    """What a setting is shown as; None: not at all."""
    found = re.search(r"(?m)^%s +(.*)$" % name, said.stdout)
    return found and found.group(1)


def rows_of_the_manual():
    """(type, option, bytes or None, least, most) of each row of docs/configuration.md."""
    with open("docs/configuration.md") as f:
        for kind, value, option in re.findall(r"(?m)^\| TLV_CONFIG_\w+ \| (\d+) \| (.*?) \| `--([a-z-]+)` \|", f.read()):
            ranged = re.match(r"[a-z]+\[(\d)\], (\d+) to (\d+)", value)
            yield (int(kind), option, *map(int, ranged.groups())) if ranged else (int(kind), option, None, 0, 0)


def tlv(kind, value):
    return struct.pack(">HH", kind, len(value)) + value


def block_with(*tlvs):
    body = b"".join(tlvs)
    return (b"RILLCONF\0\1" + struct.pack(">H", len(body)) + body).ljust(512, b"\0")


def must(good, text):
    if not good:
        sys.exit("config_test: " + text)


with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "image")

    def write(data):
        with open(path, "wb") as f:
            f.write(data)

    def block():
        with open(path, "rb") as f:
            data = f.read()
        must(data.startswith(BEFORE) and data.endswith(AFTER) and len(data) == len(BEFORE + EMPTY + AFTER), "the rest changed")
        return data[len(BEFORE):-len(AFTER)]

    write(BEFORE + EMPTY + AFTER)
    must("what DHCP says" in run(path).stdout, "an empty block does not show its defaults")
    must(run(path, "--uri", "rill://10.0.0.1/d", "--serial", "2f8,9600").returncode == 0, "cannot change the block")
    right = b"\2\0\0\x11rill://10.0.0.1/d" + b"\2\2\0\6\2\xf8\0\0\x25\x80"
    must(block() == (b"RILLCONF\0\1" + bytes([0, len(right)]) + right).ljust(512, b"\0"), "not the bytes of the document")
    must(run(path, "--verbosity", "3").stdout.split()[1] == "rill://10.0.0.1/d", "a value that was not named is lost")
    must("undi" in run(path, "--driver", "undi").stdout and b"\2\3\0\1\2" in block(), "--driver is not written")
    must(run(path, "--clear").returncode == 0 and block() == EMPTY, "--clear leaves something")
    for words in (["--uri", "http://x"], ["--uri", "rill://" + 300 * "x"], ["--serial", "fast"], ["--verbosity", "9"], ["--driver", "tap"]):
        said = run(path, *words)
        must(said.returncode == 2 and said.stderr and block() == EMPTY, "%s is not refused" % words)
    # A UEFI program begins with its mark, and code that looks for it may hold it, too.
    for signature, code in ((0, 0), (4096, 2)):
        head = struct.pack("<4s20xH110s", b"PE\0\0", 0x20b, b"").ljust(24 + 112 + 32, b"x") + struct.pack("<II", signature, 9)
        program = b"MZ".ljust(8, b"\0") + b"RILLSELF" + struct.pack("<44xI", 64) + head + b"code with RILLSELF in it"
        write(b"what a stick has before it" + program + EMPTY + AFTER)
        said = run(path, "--uri", "rill://10.0.0.1/d")
        must(said.returncode == code, "signature %d: %s" % (signature, said))
        must(not code or "configure the unsigned one" in said.stderr, "it is not told what to do: " + said.stderr)
        must("uri" in run(path).stdout, "a signed image is not even shown")
    write(BEFORE + AFTER)
    must("no configuration block" in run(path).stderr, "an image without a block is not refused")
    write(BEFORE + b"RILLCONF\0\1\0\x08nonsense".ljust(512, b"\0") + AFTER)
    must("nonsense in the block" in run(path).stderr, "nonsense is not told")
    must(run(path, "--clear").returncode == 0 and block() == EMPTY, "nonsense cannot be cleared")

    # A medium has two blocks, which are set together; of two that differ none is guessed to be the right one.
    def blocks():
        with open(path, "rb") as f:
            data = f.read()
        first, second = data[len(BEFORE):][:512], data[:-len(AFTER)][-512:]
        must(data == BEFORE + first + BETWEEN + second + AFTER, "the rest of a medium changed")
        return first, second

    write(BEFORE + EMPTY + BETWEEN + EMPTY + AFTER)
    must(run(path, "--vlan", "9").returncode == 0 and run(path, "--tries", "0").returncode == 0, "a medium cannot be set")
    must(blocks() == (block_with(tlv(516, b"\0\x09"), tlv(526, b"\0")),) * 2, "the two blocks of a medium are not the same")
    must(shown(run(path), "vlan") == "9" and run(path, "--check").returncode == 0, "a medium is not shown")
    for one, other in ((block_with(tlv(516, b"\0\x09")), EMPTY), (EMPTY, block_with(tlv(516, b"\0\x09"))),
                       (EMPTY, b"RILLCONF\0\1\0\x08nonsense".ljust(512, b"\0"))):
        write(BEFORE + one + BETWEEN + other + AFTER)
        must(run(path, "--check").returncode == 1, "--check does not find that two blocks differ")
        said = run(path, "--tries", "0")
        must(said.returncode == 2 and "--clear" in said.stderr and blocks() == (one, other), "two that differ: %s" % said)
        must(run(path, "--clear").returncode == 0 and blocks() == (EMPTY, EMPTY), "--clear leaves a block")
    signed = struct.pack("<4s20xH110s", b"PE\0\0", 0x20b, b"").ljust(24 + 112 + 32, b"x") + struct.pack("<II", 4096, 9)
    signed = b"MZ".ljust(8, b"\0") + b"RILLSELF" + struct.pack("<44xI", 64) + signed
    write(b"\xe9\0\0".ljust(8, b"\0") + b"RILLSELF" + EMPTY + signed + EMPTY + AFTER)
    must("is signed" in run(path, "--vlan", "9").stderr, "a medium with a signed program is changed")

    # What is no image of ours as a whole is left alone: a dump of a disk, an image that ends too soon, a device.
    for image, told in ((BEFORE + (EMPTY + BETWEEN) * 3, "3 configuration blocks"), (BEFORE + EMPTY[:-1], "cut off"),
                        (BEFORE + EMPTY[:11], "cut off"), (BEFORE + EMPTY[:500] + EMPTY + AFTER, "cut off")):
        write(image)
        for words in (("--vlan", "9"), ("--check",), ("--clear",)):
            said = run(path, *words)
            with open(path, "rb") as f:
                must(said.returncode == 2 and told in said.stderr and f.read() == image, "%s: %s" % (told, said))
    said = run("/dev/null", "--vlan", "9")
    must(said.returncode == 2 and "is no file" in said.stderr, "a device is written to: %s" % said)

    # Every row of the manual's table is a setting of the tool, with that range, and the other way round.
    rows = list(rows_of_the_manual())
    write(BEFORE + EMPTY + AFTER)
    must([row[1] for row in rows] == re.findall(r"(?m)^(\S+) ", run(path).stdout), "the table has not what is shown")
    for kind, option, size, least, most in rows:
        for value in [least - 1, least, most, most + 1] if size else []:
            if not 0 <= value < 256 ** size:
                continue
            write(BEFORE + block_with(tlv(kind, value.to_bytes(size, "big"))) + AFTER)
            is_right = "--%s wants" % option not in run(path, "--check").stdout
            must(is_right == (least <= value <= most), "--check of --%s %d" % (option, value))
        if size:
            write(BEFORE + block_with(tlv(kind, bytes([least] * (size + 1)))) + AFTER)
            must(run(path, "--check").returncode == 1, "--%s may be too long" % option)

    V4 = bytes(10) + b"\xff\xff"
    for words, kind, value, words_shown in (
            (["--vlan", "9"], 516, b"\0\x09", "9"),
            (["--address", "10.0.0.5/24,10.0.0.1"], 517, V4 + b"\x0a\0\0\5\x18" + V4 + b"\x0a\0\0\1",
             "10.0.0.5/24, router 10.0.0.1"),
            (["--address", "10.0.0.5/24"], 517, V4 + b"\x0a\0\0\5\x18" + bytes(16), "10.0.0.5/24, router none"),
            (["--dns", "10.0.0.3,10.0.0.4"], 518, V4 + b"\x0a\0\0\3" + V4 + b"\x0a\0\0\4", "10.0.0.3,10.0.0.4"),
            (["--client-id", "uuid"], 519, b"\1", "uuid"),
            (["--log-server", "10.0.0.2"], 520, V4 + b"\x0a\0\0\2", "10.0.0.2"),
            (["--link-wait", "120"], 521, b"\0\x78", "120 s"),
            (["--proxy-wait", "4000"], 522, b"\x0f\xa0", "4000 ms"),
            (["--login-wait", "20"], 523, b"\0\x14", "20 s"),
            (["--start-delay", "30"], 524, b"\0\x1e", "30 s"),
            (["--policy", "next"], 525, b"\2", "next"),
            (["--tries", "3"], 526, b"\3", "3"),
            (["--multicast", "on"], 527, b"\1", "on")):
        write(BEFORE + EMPTY + AFTER)
        must(shown(run(path, *words), words[0][2:]) == words_shown, "%s is not shown" % words)
        must(block() == block_with(tlv(kind, value)), "%s is not written" % words)
    run(path, "--address", "dhcp", "--tries", "0")
    must("default" not in shown(run(path), "address") and b"\2\5\0" not in block(), "--address dhcp leaves it")
    write(BEFORE + EMPTY + AFTER)
    for words in (["--vlan", "4095"], ["--vlan", "-1"], ["--address", "10.0.0.0/24"], ["--address", "10.0.0.5"],
                  ["--address", "10.0.0.5/31"], ["--address", "10.0.0.5/24,10.0.1.1"], ["--address", "10.0.0.5/24,10.0.0.5"],
                  ["--dns", "224.0.0.1"], ["--dns", "1.1.1.1,1.1.1.2,1.1.1.3,1.1.1.4,1.1.1.5"], ["--log-server", "loghost"],
                  ["--policy", "sleep"], ["--proxy-wait", "99"], ["--uri", "rill://host/d"], ["--uri", "rill://1.1.1.1:0/d"],
                  ["--uri", "rill://" + ",".join(["1.1.1.1"] * 9) + "/d"], ["--check", "--vlan", "1"], ["--variable", path]):
        said = run(path, *words)
        must(said.returncode == 2 and said.stderr and block() == EMPTY, "%s is not refused" % words)

    # What would be taken, but not as it was meant; and several complaints at once.
    for words, text in ((["--address", "10.0.0.5/24"], "nobody else can name one"), (["--tries", "2"], "reboot or next"),
                        (["--dns", "10.0.0.1"], "goes with --address")):
        write(BEFORE + EMPTY + AFTER)
        must(run(path, "--check").returncode == 0 and run(path, *words).returncode == 0, "%s is not taken" % words)
        said = run(path, "--check")
        must(said.returncode == 1 and text in said.stdout, "%s: %s" % (words, said.stdout))
    write(BEFORE + block_with(tlv(516, b"\x20\0"), tlv(516, b"\0\1"), tlv(0x8300, b"")) + AFTER)
    said = run(path, "--check").stdout
    must("byte 12: --vlan wants" in said and "byte 18: --vlan is there twice" in said and "byte 24: it demands" in said, said)
    write(BEFORE + b"RILLCONF\0\1\0\x08nonsense".ljust(512, b"\0") + AFTER)
    must(run(path, "--check").returncode == 1, "--check finds no nonsense")

    # An option ROM of two images: a BIOS's, whose bytes add up to 0, and UEFI's, which have no checksum.
    def rom_image(kind, units, last, body, signature=b""):
        head = (b"\x55\xaa" + bytes([units]) + signature).ljust(0x18, b"\0") + struct.pack("<H", 0x1c)
        pcir = b"PCIR".ljust(0x10, b"\0") + struct.pack("<HHBB", units, 0, kind, last)
        return (head.ljust(0x1c, b"\0") + pcir + body).ljust(units * 512, b"\xa5")

    bios, uefi = rom_image(0, 4, 0, EMPTY), rom_image(3, 2, 0x80, b"no block", b"\0\xf1\x0e")
    write(bios + uefi)
    must("wrong checksum" in run(path, "--check").stdout, "--check does not find a ROM's wrong checksum")
    must(run(path, "--vlan", "7").returncode == 0, "a ROM cannot be set")
    with open(path, "rb") as f:
        rom = f.read()
    must(len(rom) == len(bios + uefi) and sum(rom[:2048]) & 255 == 0, "the ROM's bytes do not add up to 0")
    changed = [at for at, pair in enumerate(zip(bios + uefi, rom)) if pair[0] != pair[1]]
    must(changed[0] == 6 and all(at >= 0x32 + 10 for at in changed[1:]) and rom[2048:] == uefi, "the ROM changed at %s" % changed)
    must(run(path, "--check").returncode == 0, "--check complains of a ROM it has written")

    # The UEFI variable: attributes, then the block without what would only fill it up.
    variable = os.path.join(folder, "RillConfig")
    must(run("--variable", variable).returncode == 2, "a variable that is not there is shown")
    must(shown(run("--variable", variable, "--vlan", "9"), "vlan") == "9", "a variable is not made")
    must(run("--variable", variable, "--policy", "next").returncode == 0, "a variable is not changed")
    with open(variable, "rb") as f:
        right = tlv(516, b"\0\x09") + tlv(525, b"\2")
        must(f.read() == b"\7\0\0\0RILLCONF\0\1" + struct.pack(">H", len(right)) + right, "the variable's bytes")
    must(run("--variable", variable, "--check").returncode == 0, "--check complains of a variable")
    must(run(path, "--variable", variable).returncode == 2, "an image and a variable at once")
