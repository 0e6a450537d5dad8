# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Boot programs of others, which fetch a configuration and a kernel through the PXE API they were started with.

    kernel = Kernel(t)                      guest/kernel.asm and an initrd, of bytes of this moment, in the TFTP server's folder
    kernel.pxelinux("vmlinuz", "initrd=initrd.img")     pxelinux.cfg/default: what it loads, and with which words
    file = kernel.grub()                    grub-mknetdir's folder and grub.cfg; the file that is started
    kernel.ipxe()                           boot.ipxe, a script
    kernel.expect(m)                        it runs, and it and its initrd came whole
    write(t, "boot.cfg", "text")            a file for the TFTP server
    m, cable = machine(t, "lpxelinux.0", files, model="e1000")      started from our option ROM by this boot file
    expect_files(t, cable, *names)          these were asked for by TFTP, in this order, whatever else was
"""
import os
import secrets
import struct
import zlib

import optionrom
import pcap
from dosdisk import assemble
from loaders import disks
from machine import Failed

MODULES = disks.BIOS_MODULES
PXELINUX, IPXE = "/usr/lib/PXELINUX", "/usr/lib/ipxe"
KERNEL_BYTES, INITRD_BYTES = 300 << 10, (600 << 10) + 37
SETUP_BYTES, SYSSIZE = 1024, 0x1F4
GRUB_MODULES = "normal configfile linux16"


def write(t, name, data):
    path = "%s/tftp/%s" % (t.folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(data if isinstance(data, bytes) else data.encode())


class Kernel:
    def __init__(self, t):
        self.t, self.folder, self.words = t, t.folder + "/tftp", "rill_token=" + secrets.token_hex(16)
        os.makedirs(self.folder, exist_ok=True)
        code, rest, initrd = assemble("kernel", t.folder + "/code.bin"), os.urandom(KERNEL_BYTES), os.urandom(INITRD_BYTES)
        size = struct.pack("<I", (len(code) - SETUP_BYTES + len(rest)) // 16)
        self.crcs = "%08x %08x" % (zlib.crc32(rest), zlib.crc32(initrd))
        write(self.t, "vmlinuz", code[:SYSSIZE] + size + code[SYSSIZE + 4:] + rest)
        write(self.t, "initrd.img", initrd)

    def pxelinux(self, name, words):
        write(self.t, "pxelinux.cfg/default", "SERIAL 0 115200\nPROMPT 0\nDEFAULT rill\nLABEL rill\n"
              " LINUX %s\n APPEND %s %s\n" % (name, words, self.words))

    def grub(self):
        """As grub-mknetdir puts it there; core.0's name for the DHCP server."""
        disks.run("grub-mknetdir", "--net-directory=" + self.folder, "--subdir=boot/grub", "-d", "/usr/lib/grub/i386-pc",
                  "--install-modules=" + GRUB_MODULES, "--locales=", "--fonts=", "--themes=")
        write(self.t, "boot/grub/grub.cfg", "linux16 /vmlinuz %s\ninitrd16 /initrd.img\nboot\n" % self.words)
        return "boot/grub/i386-pc/core.0"

    def ipxe(self):
        write(self.t, "boot.ipxe", "#!ipxe\nkernel vmlinuz %s\ninitrd initrd.img\nboot\n" % self.words)

    def expect(self, m, seconds=120):
        m.wait_for(r"kernel: words [^\n]*\b%s\b" % self.words, seconds)
        seen = m.wait_for(r"kernel: crc (\w{8} \w{8})\s", 30).group(1)
        self.t.expect(seen == self.crcs, "kernel and initrd have CRCs %s, not %s" % (seen, self.crcs))
        self.t.token()


def machine(t, boot_file, files=(), model="virtio-net-pci", more=(), memory_mib=512):
    cable = t.cable(len(t.cables))
    t.dnsmasq(boot_file=boot_file, files=files, more=list(more))
    return t.machine([optionrom.card(t, cable, model)], memory_mib=memory_mib), cable


def for_ipxe(boot_file):
    return ["--dhcp-userclass=set:ipxe,iPXE", "--dhcp-boot=tag:ipxe," + boot_file]


def expect_files(t, cable, *names):
    cable.stop()
    asked = [s[8:].lstrip("/") for s in pcap.summary(cable.pcap)["steps"] if s.startswith("TFTP of ")]
    got = [name for name in asked if name in names]
    if got != list(names):
        raise Failed("TFTP was asked for %s, not for %s" % (asked, list(names)))
    t.token()
