# SPDX-License-Identifier: BSD-2-Clause-Patent
"""1 % loss, duplicates, reordering and some damage in both directions from switching on to switching off.
SEED= chooses another bad day."""
import os

LIMIT = 420


def run(t):
    seed = int(os.environ.get("SEED", "20261123"))
    cable = t.cable(0, loss=1, duplicate=0.5, reorder=1, corrupt=0.1, delay=0.2, jitter=0.3, seed=seed)
    t.dnsmasq(root_path="rill://10.99.0.1/debian")
    t.server()
    t.expect_boot(t.machine())
    done = cable.stop()
    print(done)
    for kind in ("lost", "duplicated", "reordered", "corrupted"):
        t.expect(done["to_machine"][kind] > 5, "no frame to the machine was %s: the network was not bad" % kind)
