# SPDX-License-Identifier: BSD-2-Clause-Patent
"""`make run NIC=e1000`: a card the cloud kernel has no driver for, so the disk is image-full."""

LIMIT = 360


def run(t):
    t.expect_run("e1000")
