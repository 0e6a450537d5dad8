# SPDX-License-Identifier: BSD-2-Clause-Patent
"""A disk as DOS has it, for a loader that knows cylinders, heads and sectors only.

    disk = DosDisk(folder, "small", mib=64, heads=16, start=(0, 1), partition_mib=40, cluster_sectors=4)
    disk.path .crc .token .last         what KERNEL.SYS (guest/dos_kernel.asm) must say of itself when it runs

The MBR's table has CHS and LBA, the file system is made by mkfs.fat and filled by mtools, KERNEL.SYS lies in pieces.
All bytes that matter are of this moment. start: cylinder and head of the partition's first sector.
"""
import os
import secrets
import struct
import subprocess
import zlib

from machine import Failed

GUEST, SECTORS, MIB = "qemu-tests/guest", 63, 1 << 20
FAT16, ACTIVE, END = 6, 0x80, 0xFFF8
KERNEL_BYTES = 137 * 512 + 16           # so that the token lies in the last two sectors
FILLERS = 40


def assemble(source, product, *words):
    subprocess.run(["nasm", "-f", "bin", "-I", GUEST + "/", *words, "-o", product, "%s/%s.asm" % (GUEST, source)], check=True)
    with open(product, "rb") as f:
        return f.read()


def tool(*words):
    result = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                            env=dict(os.environ, MTOOLS_SKIP_CHECK="1"))
    if result.returncode:
        raise Failed("%s: %s" % (" ".join(words[:6]), result.stdout.strip()))


class DosDisk:
    def __init__(self, folder, name, mib, heads, start, partition_mib, cluster_sectors):
        self.folder, self.heads = "%s/%s" % (folder, name), heads
        self.path = self.folder + ".img"
        self.token, self.last = secrets.token_hex(16), secrets.token_hex(16)
        os.makedirs(self.folder)
        self.first = (start[0] * heads + start[1]) * SECTORS
        self.count = partition_mib * MIB // 512 // (heads * SECTORS) * (heads * SECTORS)
        with open(self.path, "wb") as f:
            f.truncate(mib * MIB)
        tool("mkfs.fat", "-F", "16", "-s", str(cluster_sectors), "-g", "%d/%d" % (heads, SECTORS), "-h", str(self.first),
             "--offset=%d" % self.first, self.path, str(self.count // 2))
        self.boot_code()
        self.files(cluster_sectors * 512)
        self.look(cluster_sectors)

    def chs(self, lba):
        """The three bytes that a partition table and the registers DH and CX have."""
        cylinder, head, sector = lba // SECTORS // self.heads, lba // SECTORS % self.heads, lba % SECTORS + 1
        if cylinder > 1023:
            raise Failed("CHS does not reach sector %d" % lba)
        return bytes((head, sector | cylinder >> 2 & 0xC0, cylinder & 255))

    def boot_code(self):
        """MBR and table; the boot sector around the BPB of mkfs.fat; the token in the partition's last sector."""
        end = self.first + self.count - 1
        with open(self.path, "r+b") as f:
            f.write(assemble("dos_mbr", self.folder + "/mbr"))
            f.write(bytes([ACTIVE]) + self.chs(self.first) + bytes([FAT16]) + self.chs(end) +
                    struct.pack("<II", self.first, self.count) + bytes(48) + b"\x55\xAA")
            f.seek(self.first * 512)
            made, code = f.read(512), assemble("dos_boot", self.folder + "/boot")
            f.seek(self.first * 512)
            f.write(code[:3] + made[3:0x3E] + code[0x3E:])
            f.seek(end * 512)
            f.write(self.last.encode())

    def files(self, cluster):
        """KERNEL.SYS into the holes between other files, its name beyond the root directory's first sector."""
        image = "%s@@%d" % (self.path, self.first * 512)
        for i in range(FILLERS):
            with open("%s/R%03d" % (self.folder, i), "wb"):
                pass
            with open("%s/F%03d" % (self.folder, i), "wb") as f:
                f.truncate(300 * cluster if i == 4 else cluster)        # so that the holes are in two of the FAT's sectors
        kernel = bytearray(assemble("dos_kernel", self.folder + "/kernel"))
        kernel[4:8] = struct.pack("<I", KERNEL_BYTES)
        kernel += os.urandom(KERNEL_BYTES - len(kernel) - len(self.token)) + self.token.encode()
        self.crc = zlib.crc32(kernel)
        with open(self.folder + "/KERNEL.SYS", "wb") as f:
            f.write(kernel)
        names = ["%%s%03d" % i for i in range(FILLERS)]
        tool("mcopy", "-i", image, *("%s/%s" % (self.folder, n % "R") for n in names), "::")
        tool("mmd", "-i", image, "::FILL")
        tool("mcopy", "-i", image, *("%s/%s" % (self.folder, n % "F") for n in names), "::FILL")
        tool("mdel", "-i", image, *("::FILL/" + n % "F" for n in names[1::2]))
        tool("mcopy", "-i", image, self.folder + "/KERNEL.SYS", "::")

    def look(self, cluster_sectors):
        """mtools may put files where it likes: what the loader is meant to go through must really be there."""
        with open(self.path, "rb") as f:
            f.seek(self.first * 512)
            boot = f.read(512)
            reserved, fats, entries, length = struct.unpack_from("<HBH", boot, 14) + struct.unpack_from("<H", boot, 22)
            table = memoryview(f.seek((self.first + reserved) * 512) and f.read(length * 512)).cast("H")
            f.seek((self.first + reserved + fats * length) * 512)
            root = f.read(entries * 32)
        at = root.find(b"KERNEL  SYS")
        chain = [struct.unpack_from("<H", root, at + 26)[0]]
        while table[chain[-1]] < END:
            chain.append(table[chain[-1]])
        jumps = sum(b != a + 1 for a, b in zip(chain, chain[1:]))
        if at < 512 or len(chain) != -(-KERNEL_BYTES // (cluster_sectors * 512)):
            raise Failed("KERNEL.SYS stands at %d of the root directory and has %d clusters" % (at, len(chain)))
        if jumps < 5 or len({c // 256 for c in chain}) < 2:
            raise Failed("KERNEL.SYS is not in pieces: %s" % chain)
