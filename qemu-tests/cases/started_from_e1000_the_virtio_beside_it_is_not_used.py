# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Two cards of different kinds, both with their ROMs: all is read over the one the machine was started from."""


def run(t):
    t.expect_payload("e1000", beside="virtio-net-pci")
