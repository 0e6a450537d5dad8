# SPDX-License-Identifier: BSD-2-Clause-Patent
"""A small disk with GRUB, for a BIOS and for UEFI, whose menu waits until somebody chooses.

    disk = GrubMenu(t.folder)           disk.path; disk.sums are the SHA-256s of its files, which are of this moment
    disk.wait(m)                        the menu is on the console
    disk.read(m)                        Enter: its only entry, or the next of its files: GRUB reads it; Failed unless its sum
                                        is right
    disk.expect_sum(m, 60)              that alone, for who has sent Enter
    disk.read_on(m)                     has the next one read if GRUB is through with this
    expect_idle(t, "bios", lease=16)    a case: nothing is read for two lease times
    expect_nak(t, "efi")                a case: the address is taken back
"""
import hashlib
import os
import re
import subprocess
import time

import efidisk
import grub
import pcap
from dhcpscript import DhcpScript
from machine import Failed

CORE_AT = 64                            # core.img lies between GPT's table and the partition
# Each is read once: GRUB keeps what it read for two seconds of its own clock, which on a busy host are ten of ours. And each is
# more than Rill's cache holds (loader/limits.h).
FILES, FILE_MIB = 16, 3
T1_S, SILENT_S, IN_FLIGHT_S = 10, 4, 1
COMMON = ("normal", "part_gpt", "part_msdos", "fat", "echo", "search", "search_fs_file", "hashsum", "gcry_sha256", "read",
          "terminal", "test", "true", "sleep", "halt")
SUM = r"([0-9a-f]{64})\s+/(\d+)\.bin"
HERE = "search --file --set=root /0.bin\nset prefix=($root)/grub\nnormal ($root)/grub.cfg\n"
MENU = """if [ "$grub_platform" = pc ]; then
	serial --unit=0 --speed=115200
	terminal_input serial
	terminal_output serial
fi
set timeout=-1
menuentry 'grubmenu waits' {
	for file in %s; do
		hashsum --hash sha256 /$file.bin
		echo 'grubmenu: again?'
		read answer
	done
}
""" % " ".join(map(str, range(FILES)))


def core(path, platform, where, *modules):
    subprocess.run(["grub-mkimage", "-O", platform, "-p", "/grub", "-c", where, "-o", path, *COMMON, *modules], check=True)


class GrubMenu:
    def __init__(self, folder):
        self.path, where = folder + "/grub.img", folder + "/where.cfg"
        files = {"%d.bin" % number: os.urandom(FILE_MIB << 20) for number in range(FILES)}
        self.sums = [hashlib.sha256(data).hexdigest() for data in files.values()]
        self.read_already = 0
        for name, text in {"where.cfg": HERE.encode(), "grub.cfg": MENU.encode(), **files}.items():
            with open("%s/%s" % (folder, name), "wb") as f:
                f.write(text)
        core(folder + "/grub.efi", "x86_64-efi", where)
        core(folder + "/core.img", "i386-pc", where, "biosdisk", "serial")
        efidisk.make(self.path, folder + "/grub.efi")
        for name in ("grub.cfg", *files):
            efidisk.put(self.path, "%s/%s" % (folder, name), name)
        sectors = grub.embed(self.path, folder + "/core.img", CORE_AT)
        assert CORE_AT + sectors <= efidisk.EDGE

    def wait(self, m, seconds=120):
        m.wait_for(r"grubmenu waits", seconds)

    def read(self, m, seconds=60):
        m.send("\r")
        self.expect_sum(m, seconds)

    def read_on(self, m):
        """Has the next file read if GRUB is through with this."""
        if re.search(SUM, m.text[m.seen:]):
            self.expect_sum(m, 1)
            m.send("\r")

    def expect_sum(self, m, seconds):
        seen, number = m.wait_for(SUM, seconds).groups()
        if (int(number), seen) != (self.read_already, self.sums[self.read_already]):
            raise Failed("GRUB read file %s with hash %s; file %d has %s" % (
                number, seen, self.read_already, self.sums[self.read_already]))
        self.read_already += 1
        m.wait_for(r"grubmenu: again\?", 10)


def boot(t, firmware, **lease):
    """A machine in whose GRUB's menu nobody has chosen yet; its address comes from dhcpscript.py."""
    disk, cable = GrubMenu(t.folder), t.cable()
    server = DhcpScript(t, "rill://10.99.0.1/grub", **lease)
    t.server({"grub": disk.path}, default=None)
    m = t.machine([cable.card(more=",bootindex=0" + ("" if firmware == "bios" else ",romfile="))], memory_mib=256,
                  firmware=firmware)
    t.expect_no_drive(m.words)
    disk.wait(m)
    return disk, server, m


def pump(m, seconds):
    until = time.time() + seconds
    while time.time() < until:
        m.pump(0.2)


def reads(cable):
    """When the machine sent a request for blocks."""
    return [p.time for p in pcap.Pcap(cable.pcap) if pcap.step_of(p) == "first read by the firmware"]


def expect_idle(t, firmware, lease):
    """Nobody chooses for two lease times; then GRUB reads a file, by an address that was asked for anew before."""
    disk, server, m = boot(t, firmware, lease=lease)
    pump(m, 2 * lease + 2)
    until = time.time()
    disk.read(m)
    t.cables[0].stop()
    read = [when for when in reads(t.cables[0]) if when > until]
    t.expect(read, "nothing was read over the network after the menu")
    fresh = [read[0] - when for when in server.given if 0 <= read[0] - when < lease]
    print("it read at 0 s, and was given its address at %s" % ["%.1f" % (when - read[0]) for when in server.given], flush=True)
    t.expect(fresh, "it read without a lease, ACKs were %s s before" % ["%.1f" % (read[0] - when) for when in server.given])
    t.token()


def read_until_refused(disk, server, m, seconds):
    """Reads go on until the NAK: a BIOS machine renews only while somebody calls it, and when T1 is over its own clock says."""
    until = time.time() + seconds
    m.send("\r")
    while not server.refused:
        if time.time() > until:
            raise Failed("nobody asked for more time within %d s; ACKs at %s" % (seconds, server.given))
        disk.read_on(m)
        pump(m, 1)


def expect_nak(t, firmware):
    """The address is taken back when it is to be renewed; what GRUB reads then waits until it is given again, and is right."""
    disk, server, m = boot(t, firmware, lease=120, t1=T1_S, t2=100)
    disk.read(m)
    server.take_back()
    pump(m, max(server.given[-1] + T1_S + 1 - time.time(), 0))
    read_until_refused(disk, server, m, 60)
    refused = server.refused[0]
    pump(m, IN_FLIGHT_S)
    disk.read_on(m)                     # the NAK came when GRUB was through, and nothing waits for the address
    pump(m, SILENT_S)
    late = [when for when in reads(t.cables[0]) if when > refused + IN_FLIGHT_S]
    t.expect(not late, "%d requests %.1f s after its address was taken back" % (len(late), late[0] - refused if late else 0))
    server.give_back()
    disk.expect_sum(m, 150)
    given = [when for when in server.given if when > refused]
    t.expect(given, "it went on without an address")
    print("%d NAKs; given again after %.1f s" % (len(server.refused), given[0] - refused))
    t.token()
