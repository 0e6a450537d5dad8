# SPDX-License-Identifier: BSD-2-Clause-Patent
"""`make run FW=efi NIC=e1000`: OVMF has no driver for this card, but its ROM has, iPXE's; the disk is image-full."""

LIMIT = 360


def run(t):
    t.expect_run("e1000", firmware="efi")
