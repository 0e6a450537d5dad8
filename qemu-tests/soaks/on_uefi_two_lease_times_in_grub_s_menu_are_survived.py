# SPDX-License-Identifier: BSD-2-Clause-Patent
"""GRUB's menu waits for two lease times, in which only the firmware's timer calls Rill; then GRUB reads a large file, and Rill
has its address."""
import grubmenu

LIMIT = 240


def run(t):
    grubmenu.expect_idle(t, "efi", lease=16)
