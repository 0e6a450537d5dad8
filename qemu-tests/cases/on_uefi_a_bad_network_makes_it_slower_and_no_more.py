# SPDX-License-Identifier: BSD-2-Clause-Patent
"""1 % loss, duplicates, reordering and some damage in both directions from switching on to switching off: a boot program of 8 MiB
is loaded, and reads what it must. SEED= chooses another bad day."""
import os

import blocks

LIMIT = 300


def run(t):
    seed = int(os.environ.get("SEED", "20261128"))
    done = blocks.expect_all(t, "virtio-net-pci", ",bootindex=0,romfile=", longer=8 << 20, driver="snp",
                             loss=1, duplicate=0.5, reorder=1, corrupt=0.1, delay=0.2, jitter=0.3, seed=seed)
    print(done)
    for kind in ("lost", "duplicated", "reordered", "corrupted"):
        t.expect(done["to_machine"][kind] > 5, "no frame to the machine was %s: the network was not bad" % kind)
