# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Debian's pxelinux.0, started by our option ROM, fetches its module and configuration through our PXE API, and starts
memtest86+, whose first words are on the serial port."""
import netboot

LIMIT = 200
MEMTEST = "/boot/memtest86+ia32.bin"
MEMORY_MIB = 48                     # of more it measures the speed before it says anything, 64 MiB at a time


def run(t):
    kernel = netboot.Kernel(t)
    kernel.pxelinux("memtest86+ia32.bin", "console=ttyS0,115200")
    m, cable = netboot.machine(t, "pxelinux.0", [netboot.PXELINUX + "/pxelinux.0", netboot.MODULES + "/ldlinux.c32", MEMTEST],
                               memory_mib=MEMORY_MIB)
    m.wait_for(r"Memtest86\+ +v\d", 100)
    netboot.expect_files(t, cable, "pxelinux.0", "ldlinux.c32", "pxelinux.cfg/default", "memtest86+ia32.bin")
