# SPDX-License-Identifier: BSD-2-Clause-Patent
"""An MBR and a FAT16 boot sector that call nothing but AH=02h find KERNEL.SYS, which lies in pieces, and start it at
0070:0000; it proves that it is whole. Once on a small disk, once on one that was made where disks have 16 heads, and once
far up on one of 8 GB, where cylinders have ten bits."""
import dosdisk

LIMIT = 150
EXIT = ["-device", "isa-debug-exit,iobase=0xf4,iosize=4"]
EXIT_WELL = 33


def run(t):
    t.cable()
    t.dnsmasq()
    boot(t, dosdisk.DosDisk(t.folder, "small", 64, 255, (0, 1), 48, 4), 64)
    boot(t, dosdisk.DosDisk(t.folder, "of_16_heads", 64, 16, (0, 1), 48, 4), 64)
    boot(t, dosdisk.DosDisk(t.folder, "large", 8192, 255, (800, 0), 500, 16), 8192)


def boot(t, disk, mib):
    server = t.server({"dos": disk.path}, default="dos")
    m = t.machine(more=EXIT)
    m.wait_for(r"dos: at 0070 drive 80\s", 90)
    parameters = bytes.fromhex("".join(m.wait_for(r"dos: parameters (\w{4}) (\w{4})\s", 10).groups()))
    last = min(mib * 2048 // (disk.heads * dosdisk.SECTORS), 1024) - 1
    right = bytes((last & 255, dosdisk.SECTORS | last >> 2 & 0xC0, disk.heads - 1, 1))
    t.expect(parameters == right, "AH=08h says %s instead of %s" % (parameters.hex(), right.hex()))
    t.expect(m.wait_for(r"dos: last (\w+)\s", 10).group(1) == disk.last, "the table's CHS is not where its LBA is")
    t.expect(m.wait_for(r"dos: crc (\w+)\s", 10).group(1) == "%08x" % disk.crc, "KERNEL.SYS is not whole")
    t.expect(m.wait_for(r"dos: token (\w+)\s", 10).group(1) == disk.token, "KERNEL.SYS has another end")
    t.token()
    m.wait_end(10, good=(EXIT_WELL,))
    m.stop()
    server.stop()
