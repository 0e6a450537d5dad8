# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The same with Microsoft's keys in the machine and Secure Boot on: nothing on the way to the kernel is unsigned."""


def run(t):
    t.expect_local_kernel("efi-secure", "efi: EFI v", "secureboot: Secure boot enabled")
