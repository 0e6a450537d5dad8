# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Debian's lpxelinux.0, which has a network stack of its own, drives our UNDI and starts a kernel with its initrd."""
import netboot

LIMIT = 200


def run(t):
    kernel = netboot.Kernel(t)
    kernel.pxelinux("vmlinuz", "initrd=initrd.img")
    m, cable = netboot.machine(t, "lpxelinux.0", [netboot.PXELINUX + "/lpxelinux.0", netboot.MODULES + "/ldlinux.c32"], "e1000")
    kernel.expect(m)
    netboot.expect_files(t, cable, "lpxelinux.0", "ldlinux.c32", "pxelinux.cfg/default", "vmlinuz", "initrd.img")
