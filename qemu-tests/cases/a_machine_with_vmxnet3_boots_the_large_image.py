# SPDX-License-Identifier: BSD-2-Clause-Patent
"""`make run NIC=vmxnet3`: a card that ignores a second activation, and a driver that knows; the disk is image-full."""

LIMIT = 360


def run(t):
    t.expect_run("vmxnet3")
