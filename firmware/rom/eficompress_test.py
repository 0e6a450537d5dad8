#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause-Patent
"""eficompress: what is packed comes out again; no prefix of it is taken, and every flipped bit is survived."""
import random
import struct
import sys

sys.dont_write_bytecode = True
import eficompress                      # noqa: E402


def must(holds, what):
    if not holds:
        sys.exit("eficompress_test: " + what)


def unpacks(packed):
    try:
        return eficompress.decompress(packed)
    except ValueError:
        return None


def texts(seed):
    """Of every kind: nothing, one symbol, noise, runs as long as a match can be, matches from as far as one can be."""
    r = random.Random(seed)
    noise = bytes(r.randrange(256) for _ in range(9000))
    yield from (b"", b"a", b"ab", b"a" * 3, bytes(70000), noise)
    yield from (noise[:100] + bytes(zeros) + noise[:100] for zeros in (8091, 8092, 8093))
    yield b"".join(bytes([r.randrange(4)]) * r.randrange(300) for _ in range(300))
    yield bytes(min(255, int(r.expovariate(0.02))) for _ in range(50000))           # codes as long as they may be
    yield b"".join(struct.pack("<I", 3 * n) for n in range(9000))


def main():
    for data in texts(1):
        must(unpacks(eficompress.compress(data)) == data, "%d bytes do not come out as they were" % len(data))
    data = b"Rill boots computers that have no disk. " * 20 + bytes(range(200))
    packed = eficompress.compress(data)
    must(len(packed) < len(data) / 2, "%d bytes are packed into %d" % (len(data), len(packed)))
    for size in range(len(packed)):
        must(unpacks(packed[:size]) is None, "the first %d bytes are taken for all" % size)
    for bit in range(64, 8 * len(packed)):
        flipped = bytearray(packed)
        flipped[bit // 8] ^= 1 << bit % 8
        made = unpacks(bytes(flipped))
        must(made is None or len(made) == len(data), "bit %d is flipped, and another length comes out" % bit)


main()
