#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause-Patent
"""rill-config on a made-up image: what it writes is what docs/configuration.md says, and nothing else changes."""
import os
import struct
import subprocess
import sys
import tempfile

EMPTY = b"RILLCONF\0\1" + bytes(2 + 500)
BEFORE, AFTER = b"code that looks for RILLCONF, too " * 9, b"what stands behind the block"


def run(*words):
    return subprocess.run([sys.executable, "firmware/rill-config", *words], capture_output=True, text=True)


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
