# SPDX-License-Identifier: BSD-2-Clause-Patent
"""iPXE's undionly.kpxe, which keeps our UNDI and drives it, asks DHCP itself and starts a kernel with its initrd."""
import netboot

LIMIT = 200


def run(t):
    kernel = netboot.Kernel(t)
    kernel.ipxe()
    m, cable = netboot.machine(t, "undionly.kpxe", [netboot.IPXE + "/undionly.kpxe"], "e1000", netboot.for_ipxe("boot.ipxe"))
    kernel.expect(m)
    netboot.expect_files(t, cable, "undionly.kpxe", "boot.ipxe", "vmlinuz", "initrd.img")
