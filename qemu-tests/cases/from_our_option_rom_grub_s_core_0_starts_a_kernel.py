# SPDX-License-Identifier: BSD-2-Clause-Patent
"""GRUB's core.0 with what grub-mknetdir puts beside it fetches modules, configuration, kernel and initrd over our UNDI."""
import netboot

LIMIT = 200


def run(t):
    kernel = netboot.Kernel(t)
    file = kernel.grub()
    m, cable = netboot.machine(t, file)
    kernel.expect(m)
    netboot.expect_files(t, cable, file, "boot/grub/i386-pc/normal.mod", "boot/grub/grub.cfg", "boot/grub/i386-pc/linux16.mod",
                         "vmlinuz", "initrd.img")
