# SPDX-License-Identifier: BSD-2-Clause-Patent
"""iPXE's ipxe.pxe, which ends our UNDI and has a driver of its own for the card, asks DHCP itself and starts a kernel with its
initrd."""
import netboot

LIMIT = 200


def run(t):
    kernel = netboot.Kernel(t)
    kernel.ipxe()
    m, cable = netboot.machine(t, "ipxe.pxe", [netboot.IPXE + "/ipxe.pxe"], "e1000", netboot.for_ipxe("boot.ipxe"))
    kernel.expect(m)
    netboot.expect_files(t, cable, "ipxe.pxe", "boot.ipxe", "vmlinuz", "initrd.img")
