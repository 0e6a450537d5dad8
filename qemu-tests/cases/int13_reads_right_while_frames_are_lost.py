# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The same reads with 1 % loss in both directions, on virtio: only slower."""


def run(t):
    done = t.expect_payload("virtio-net-pci", loss=1, seed=7)
    t.expect(done["to_machine"]["lost"] > 5, "no frame to the machine was lost: the network was not bad")
