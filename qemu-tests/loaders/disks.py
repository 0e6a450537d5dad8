# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Disks with loaders other than the demo image's, each with the same tiny system, made anew for every run.

    system = System()                       kernel, initrd and command line with tokens that nobody else knows
    syslinux_disk(path, system)             MBR, FAT16, ldlinux.sys: as Debian's `syslinux` package installs it
    extlinux_disk(path, system)             MBR, ext4, ldlinux.sys: as Debian's `extlinux` package installs it
    grub_disk(path, system, "linux16")      GRUB 2, with that command and initrd16, or with "linux" and initrd
    iso(path, system, hybrid=True)          ISO 9660 as Debian's installer images are: isolinux, and an MBR if hybrid
    boot(t, path, system)                   the case's machine boots it over the network and says the tokens; {name: value}
    expect_edd(t, path, told)               what it says of drive 80h is true

No root, no loop device, nothing is mounted here. extlinux installs only into what is mounted, so it does that in a machine
of its own, which has the disk and no network.
"""
import glob
import gzip
import os
import random
import re
import secrets
import shutil
import struct
import subprocess

import grub
from initramfs import FILE, FOLDER, LINK, PROGRAM, cpio
from machine import Failed, Machine

GUEST = "build/out/driver-test"             # a kernel and busybox, see driver/attach_guest_fetch
SECTOR, MIB = 512, 1 << 20
PART_START, PART_MIB = 2048, 40
CORE_START = 1                              # GRUB's core.img: the gap between MBR and first partition
FAT16_LBA, LINUX = 0x0e, 0x83               # partition types
SYSLINUX, EXTLINUX, ISOLINUX = "/usr/lib/SYSLINUX", "/usr/lib/EXTLINUX", "/usr/lib/ISOLINUX"
BIOS_MODULES = "/usr/lib/syslinux/modules/bios"
GRUB_MODULES = "biosdisk part_msdos fat normal configfile linux linux16 serial terminal echo".split()

DISK_MODULES = ("virtio_ring", "virtio", "virtio_pci_legacy_dev", "virtio_pci_modern_dev", "virtio_pci", "virtio_blk")


def run(*words):
    result = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if result.returncode:
        raise Failed("%s\n%s" % (" ".join(words), result.stdout))


def read(path):
    with open(path, "rb") as f:
        return f.read()


def only(pattern):
    found = glob.glob(pattern, recursive=True)
    if len(found) != 1:
        raise Failed("%d files are %s, not one" % (len(found), pattern))
    return found[0]


def module(name):
    """A kernel module, or nothing where it is built in."""
    found = glob.glob(GUEST + "/kernel/lib/modules/**/%s.ko" % name, recursive=True)
    return [(name + ".ko", FILE, read(found[0]))] if found else []


def initramfs(script, more):
    """A system of busybox and this script; another archive may follow it."""
    packed = gzip.compress(cpio([
        ("bin", FOLDER, b""), ("init", PROGRAM, read("qemu-tests/loaders/" + script)), ("bin/sh", LINK, b"busybox"),
        ("bin/busybox", PROGRAM, read(GUEST + "/busybox/bin/busybox"))] + more), 1)
    return packed + bytes(-len(packed) % 4)


class System:
    """What is to be booted. `token` is what it says once it runs: a part from the initrd's end, a part from the loader."""
    def __init__(self):
        inside, outside = secrets.token_hex(16), secrets.token_hex(16)
        self.token = inside + " " + outside
        self.kernel = only(GUEST + "/kernel/boot/vmlinuz-*")
        self.initrd = initramfs("guest", module("edd")) + cpio([("token", FILE, inside.encode())])
        self.words = "console=ttyS0,115200 loglevel=1 no_timer_check panic=-1 rill_token=" + outside
        self.bytes = os.path.getsize(self.kernel) + len(self.initrd)

    def write(self, folder):
        """As files; the folder is for one run."""
        os.makedirs(folder, exist_ok=True)
        shutil.copy(self.kernel, folder + "/vmlinuz")
        with open(folder + "/initrd.img", "wb") as f:
            f.write(self.initrd)

    def syslinux_config(self, path, where):
        with open(path, "w") as f:
            f.write("SERIAL 0 115200\nPROMPT 0\nDEFAULT rill\nLABEL rill\n KERNEL %svmlinuz\n INITRD %sinitrd.img\n"
                    " APPEND %s\n" % (where, where, self.words))


def fat(path, *copies):
    """A FAT16 file system of its own, for sector PART_START of a disk; copies are (file, place)."""
    with open(path, "wb") as f:
        f.truncate(PART_MIB * MIB)
    run("mkfs.vfat", "-F", "16", "-h", str(PART_START), "-n", "RILL", path)
    for source, place in copies:
        if os.path.isdir(source):
            run("mmd", "-i", path, "::" + place)
        else:
            run("mcopy", "-i", path, source, "::" + place)


def assemble(path, part, mbr, kind=FAT16_LBA):
    """A disk with one active partition, an MBR's code, and a signature of this run."""
    sectors = PART_MIB * MIB // SECTOR
    size = (PART_START + sectors + random.randrange(1, 4096) * 8) * SECTOR
    entry = struct.pack("<B3sB3sII", 0x80, b"\xfe\xff\xff", kind, b"\xfe\xff\xff", PART_START, sectors)
    with open(path, "wb") as f:
        f.write(mbr[:440].ljust(440, b"\0") + secrets.token_bytes(4) + bytes(2) + entry + bytes(48) + b"\x55\xaa")
        f.seek(PART_START * SECTOR)
        f.write(read(part))
        f.truncate(size)
    os.unlink(part)


def syslinux_disk(path, system):
    tree, part = path + ".tree", path + ".fat"
    system.write(tree)
    system.syslinux_config(tree + "/syslinux.cfg", "/")
    fat(part, *((tree + "/" + name, "/" + name) for name in sorted(os.listdir(tree))))
    run("syslinux", "--install", part)
    assemble(path, part, read(SYSLINUX + "/mbr.bin"))
    shutil.rmtree(tree)


def extlinux_disk(path, system):
    tree, part = path + ".tree", path + ".ext4"
    system.write(tree)
    system.syslinux_config(tree + "/extlinux.conf", "/")
    # What ldlinux.sys cannot read: block numbers beyond 32 bits.
    run("mke2fs", "-q", "-t", "ext4", "-O", "^64bit,^metadata_csum", "-d", tree, part, "%dM" % PART_MIB)
    assemble(path, part, read(EXTLINUX + "/mbr.bin"), LINUX)
    shutil.rmtree(tree)
    install(path, system.kernel)


def install(path, kernel):
    """The real extlinux, in a machine that has this disk."""
    folder = path + ".install"
    os.makedirs(folder)
    modules = sum((module(name) for name in DISK_MODULES), [])
    more = [("modules", FILE, " ".join(name for name, _, _ in modules).encode()), ("mnt", FOLDER, b"")]
    for file in ("/usr/bin/extlinux", "/lib64/ld-linux-x86-64.so.2", "/lib/x86_64-linux-gnu/libc.so.6"):
        more += [(name.lstrip("/"), FOLDER, b"") for name in parents(file)] + [(file.lstrip("/"), PROGRAM, read(file))]
    with open(folder + "/initrd.img", "wb") as f:
        f.write(initramfs("installer", modules + more))
    m = Machine(folder, [], more=["-kernel", kernel, "-initrd", folder + "/initrd.img", "-append",
                                  "console=ttyS0,115200 loglevel=1 no_timer_check panic=-1",
                                  "-drive", "file=%s,format=raw,if=virtio" % path])
    try:
        m.wait_for(r"installer: done\n", 60)
        m.wait_end(30)
    finally:
        m.stop()


def parents(path):
    """The folders on the way to it, from the top."""
    names = path.strip("/").split("/")[:-1]
    return ["/" + "/".join(names[:n + 1]) for n in range(len(names))]


def grub_disk(path, system, command):
    """Its configuration comes from the partition, as everything else does."""
    tree, part, core = path + ".tree", path + ".fat", path + ".core"
    system.write(tree)
    with open(tree + "/grub.cfg", "w") as f:
        f.write("serial --unit=0 --speed=115200\nterminal_output serial console\n"
                "echo 'GRUB: %s'\n%s /vmlinuz %s\n%s /initrd.img\nboot\n" % (
                    command, command, system.words, command.replace("linux", "initrd")))
    fat(part, *((tree + "/" + name, "/" + name) for name in sorted(os.listdir(tree))))
    run("grub-mkimage", "-O", "i386-pc", "-p", "(hd0,msdos1)/", "-o", core, *GRUB_MODULES)
    assemble(path, part, b"")
    grub.embed(path, core, CORE_START)
    os.unlink(core)
    shutil.rmtree(tree)


def iso(path, system, hybrid):
    tree = path + ".tree"
    os.makedirs(tree + "/isolinux")
    system.write(tree + "/install")
    system.syslinux_config(tree + "/isolinux/isolinux.cfg", "/install/")
    for source in (ISOLINUX + "/isolinux.bin", BIOS_MODULES + "/ldlinux.c32"):
        shutil.copy(source, tree + "/isolinux")
    mbr = ["-isohybrid-mbr", ISOLINUX + "/isohdpfx.bin"] if hybrid else []
    run("xorriso", "-as", "mkisofs", "-quiet", "-r", "-J", "-V", "RILL", "-b", "isolinux/isolinux.bin",
        "-c", "isolinux/boot.cat", "-no-emul-boot", "-boot-load-size", "4", "-boot-info-table", *mbr, "-o", path, tree)
    shutil.rmtree(tree)


def boot(t, path, system):
    cable = t.cables[0] if t.cables else t.cable()
    t.dnsmasq(root_path="rill://10.99.0.1/loader")
    server = t.server({"loader": path}, "loader")
    m = t.machine()
    t.expect_no_drive(m.words)
    m.wait_for(r"guest: token %s\n" % system.token, 100)
    told = dict(re.findall(r"(?m)^guest: ((?:edd )?\w+) (.*)$", m.text))
    t.token()
    m.wait_end(30)
    server.stop()
    cable.stop()
    with open(server.log) as f:
        sent = [int(n) for n in re.findall(r'firmware_bytes"?[=:](\d+)', f.read())]
    t.expect(sent and max(sent) >= system.bytes, "rilld's log says %s bytes, kernel and initrd have %d" % (sent, system.bytes))
    return told


def expect_edd(t, path, told):
    """docs/pxe-notes.md, "What is asked of the disk": what AH=41h, 48h and 08h promise, as Linux understood it."""
    size = os.path.getsize(path)
    sectors = (size + 4095) // 4096 * 8
    cylinders = min(max(sectors // (255 * 63), 1), 1024)
    with open(path, "rb") as f:
        signature = struct.unpack("<I", f.read(SECTOR)[440:444])[0]
    geometry = "geometry valid;" if sectors <= 15482880 else ""
    right = {
        "drives": "int13_dev80 ",                   # and no other: the machine has none
        "version": "0x30;",
        "extensions": "Fixed disk access;Enhanced Disk Drive support;",
        "info_flags": "DMA boundary error transparent;" + geometry,
        "sectors": "%d;" % sectors,
        "default_cylinders": "%d;" % cylinders, "default_heads": "255;", "default_sectors_per_track": "63;",
        "legacy_max_cylinder": "%d;" % (cylinders - 1), "legacy_max_head": "254;", "legacy_sectors_per_track": "63;",
        "mbr_signature": "0x%08x;" % signature,
        "host_bus": None, "interface": None,        # no bus is promised
    }
    for name, value in right.items():
        seen = told.get("edd " + name)
        t.expect(seen == value, "EDD's %s is %s and not %s" % (name, seen, value))
    t.token()
