# SPDX-License-Identifier: BSD-2-Clause-Patent
"""`make run FW=efi`: OVMF drives the card and loads rill.efi; then all is as on a BIOS machine, to the login prompt."""

LIMIT = 360


def run(t):
    t.expect_run(firmware="efi")
