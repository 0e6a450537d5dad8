# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The cable is out for 5 s when the ROM has loaded Rill, and for 20 s in the middle of a read: both times the machine goes on."""
import time

WAITS = True


def wait(m, seconds):
    until = time.time() + seconds
    while time.time() < until:
        m.pump(0.2)


def pull(t, m):
    m.wait_for(r"\ncard 52:54", 60)
    m.link("net0", False)
    wait(m, 5)
    t.expect(m.text.rstrip().endswith("lease: asking for an address"), "the screen says something else:\n" + m.last_words())
    m.link("net0", True)
    m.wait_for("bench start", 60)
    m.link("net0", False)
    wait(m, 20)
    t.expect("bench seq" not in m.text, "everything had been read before the cable was out")
    m.link("net0", True)


def run(t):
    t.expect_payload("e1000", during=lambda m: pull(t, m))
