# SPDX-License-Identifier: BSD-2-Clause-Patent
"""GRUB's menu waits for two lease times, in which nobody calls Rill; then GRUB reads a large file, and Rill
has its address."""
import grubmenu

LIMIT = 240
WAITS = True


def run(t):
    grubmenu.expect_idle(t, "bios", lease=16)
