# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The image that BIOS machines boot, on a UEFI machine's own SATA port: shim, GRUB and the kernel as Debian ships them."""


def run(t):
    t.expect_local_kernel("efi", "efi: EFI v")
