# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The disk a measurement reads: bench/payload at its start, bytes of a seed everywhere else, and what must come out.

    work = Work(seed, seq_requests=512, rnd_requests=1000, chs_requests=200, rnd_bytes=RND_BYTES)
    work = EfiWork(seed, seq_requests=768, rnd_requests=1000)
    work.warmup                         how many requests at the beginning of each phase are not timed
    make(path, work)                    a raw image; for UEFI with a system partition at its end, too
    expected(path, work, phase, heads, sectors)     (bytes, crc) of the payload's line for "seq", "rnd" or "chs"
    wrong(path, work, phase, fields)                what is wrong with such a line, in words, or None
"""
import mmap
import os
import random
import re
import struct
import zlib

import efidisk

PAYLOAD = "build/out/bench-payload.bin"
PARAMS_AT, PARAMS_MARK = 512, b"RILLPLD1"
PROGRAM = "build/out/bench-payload.efi"
PARTITIONS_AT, SYSTEM_PARTITION = 446, 0xef
MIB = 1 << 20
SEQ_LBA = 64
# A hundred times the largest cache among the contenders (ours: 2 MiB, loader/limits.h), and then some.
RND_BYTES = 256 * MIB


class Work:
    SEQ_SECTORS, RND_AT, PARTITION_BYTES, WARMUP = 64, 32 * MIB, 0, 100

    def __init__(self, seed, seq_requests=512, rnd_requests=1000, chs_requests=200, rnd_bytes=RND_BYTES):
        self.seed, self.seq, self.rnd, self.chs, self.rnd_bytes = seed, seq_requests, rnd_requests, chs_requests, rnd_bytes
        self.warmup = min(self.WARMUP, *(n // 2 for n in (seq_requests, rnd_requests, chs_requests) if n))
        assert (SEQ_LBA + self.seq * self.SEQ_SECTORS) * 512 <= self.RND_AT

    def params(self):
        return PARAMS_MARK + struct.pack("<8I", SEQ_LBA, self.seq, self.RND_AT // 512, self.rnd_bytes // 4096, self.rnd,
                                         self.chs, self.seed & 0xffffffff, self.warmup)

    def partition_at(self):
        return self.RND_AT + self.rnd_bytes


class EfiWork(Work):
    """64 KiB a request, and no CHS."""
    SEQ_SECTORS, RND_AT, PARTITION_BYTES = 128, 64 * MIB, 8 * MIB

    def __init__(self, seed, seq_requests=768, rnd_requests=1000):
        super().__init__(seed, seq_requests, rnd_requests, 0)


def partition(at, size):
    """The only entry of a partition table, without CHS addresses."""
    return struct.pack("<B3sB3sII", 0, b"\xfe\xff\xff", SYSTEM_PARTITION, b"\xfe\xff\xff", at // 512, size // 512)


def make(path, work):
    with open(PAYLOAD, "rb") as f:
        payload = bytearray(f.read())
    assert payload[PARAMS_AT:PARAMS_AT + 8] == PARAMS_MARK and not any(payload[PARTITIONS_AT:PARTITIONS_AT + 64])
    params = work.params()
    payload[PARAMS_AT:PARAMS_AT + len(params)] = params
    if work.PARTITION_BYTES:
        payload[PARTITIONS_AT:PARTITIONS_AT + 16] = partition(work.partition_at(), work.PARTITION_BYTES)
    source = random.Random(work.seed)
    with open(path, "wb") as f:
        f.write(payload)
        f.write(source.randbytes(MIB - len(payload)))
        for _ in range(work.partition_at() // MIB - 1):
            f.write(source.randbytes(MIB))
        f.truncate(work.partition_at() + work.PARTITION_BYTES)
        os.fsync(f.fileno())            # or the first contender of a round runs while it is written
    if work.PARTITION_BYTES:
        efidisk.format(path, work.partition_at() // 512, work.PARTITION_BYTES // 512, PROGRAM)


def numbers(seed):
    while True:
        seed = (seed * 1664525 + 1013904223) & 0xffffffff
        yield seed


def requests(work, phase, heads=255, sectors=63):
    """(LBA, sectors) of every request of a phase, as bench/payload makes them."""
    row = numbers(work.seed & 0xffffffff)
    if phase == "seq":
        for i in range(work.seq):
            yield SEQ_LBA + i * work.SEQ_SECTORS, work.SEQ_SECTORS
    elif phase == "rnd":
        for _ in range(work.rnd):
            yield work.RND_AT // 512 + (next(row) * (work.rnd_bytes // 4096) >> 32) * 8, 8
    else:
        for _ in range(work.chs):
            x = next(row)
            lba = SEQ_LBA + (x * (work.seq * work.SEQ_SECTORS) >> 32)
            yield lba, min((x & 7) + 1, sectors - lba % sectors)


def expected(path, work, phase, heads=255, sectors=63):
    crc = total = 0
    with open(path, "rb") as f, mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ) as disk:
        for lba, count in requests(work, phase, heads, sectors):
            crc = zlib.crc32(disk[lba * 512:(lba + count) * 512], zlib.crc32(struct.pack("<I", lba), crc))
            total += count * 512
    return total, crc


def wrong(path, work, phase, fields):
    if not fields:
        return "no line about %s" % phase
    size, crc = expected(path, work, phase, int(fields.get("heads", 255)), int(fields.get("sectors", 63)))
    if int(fields["bytes"]) == size and int(fields["crc"], 16) == crc:
        return None
    return "%s: %s bytes with CRC %s instead of %d with %08x" % (phase, fields["bytes"], fields["crc"], size, crc)


def lines(text):
    """{"seq": {"bytes": ..., ...}, ...}: the payload's own lines in what a serial port said."""
    found = {}
    # What EDK2 says when somebody starts its PXE has no end of line.
    for words in re.findall(r"(?:^|>>Start PXE over IPv4)bench (\w+)((?: \w+=\S+)*)\s*$", text, re.M):
        found[words[0]] = dict(re.findall(r"(\w+)=(\S+)", words[1]))
    return found
