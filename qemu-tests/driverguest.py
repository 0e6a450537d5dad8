# SPDX-License-Identifier: BSD-2-Clause-Patent
"""A Linux that consists of Debian's cloud kernel, busybox and rill-attach: driver/attach_guest is its only process.

    words(folder, "rill=auto")      a machine's words for it; its initramfs goes to folder
    block_words(path)               the hand-over block in this file, where a BIOS machine's firmware leaves it
"""
import glob
import gzip
import os

from initramfs import FILE, FOLDER, LINK, PROGRAM, cpio

OUT = "build/out"
KERNEL = OUT + "/driver-test/kernel"
MODULES = ("failover", "net_failover", "virtio_ring", "virtio", "virtio_pci_legacy_dev", "virtio_pci_modern_dev",
           "virtio_pci", "virtio_net")
VLAN_MODULES = ("llc", "stp", "mrp", "garp", "8021q")
BLOCK_AT = 0x9c000          # below what SeaBIOS and the kernel's own start use; reserved by memmap=


def contents(path):
    with open(path, "rb") as f:
        return f.read()


def initramfs():
    found = {os.path.basename(p): p for p in glob.glob(KERNEL + "/lib/modules/*/kernel/**/*.ko", recursive=True)}
    entries = [("bin", FOLDER, b""), ("modules", FOLDER, b""),
               ("init", PROGRAM, contents("driver/attach_guest")),
               ("bin/busybox", PROGRAM, contents(OUT + "/driver-test/busybox/bin/busybox")),
               ("bin/sh", LINK, b"busybox"),
               ("bin/rill-attach", PROGRAM, contents(OUT + "/rill-attach"))]
    for name, modules in (("order", MODULES), ("vlan", VLAN_MODULES)):
        there = [m + ".ko" for m in modules if m + ".ko" in found]
        entries += [("modules/" + m, FILE, contents(found[m])) for m in there]
        entries += [("modules/" + name, FILE, " ".join(there).encode())]
    return gzip.compress(cpio(entries + [("modules/nbd.ko", FILE, contents(found["nbd.ko"]))]), 1)


def words(folder, said):
    with open(folder + "/initrd", "wb") as f:
        f.write(initramfs())
    # no_timer_check: on a busy host the kernel finds QEMU's timer too slow and panics.
    return ["-no-reboot", "-kernel", glob.glob(KERNEL + "/boot/vmlinuz-*")[0], "-initrd", folder + "/initrd",
            "-append", "console=ttyS0 %s memmap=8K$%#x panic=-1 no_timer_check" % (said, BLOCK_AT)]


def block_words(path):
    return ["-device", "loader,addr=%#x,force-raw=on,file=%s" % (BLOCK_AT, path)]
