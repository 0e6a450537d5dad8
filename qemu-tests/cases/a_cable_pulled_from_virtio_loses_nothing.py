# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The cable is out from when the ROM has loaded Rill until E51 is told, and 20 s in the middle of a read: the boot goes on."""
import time

WAITS = True


def pull(t, m):
    m.wait_for(r"\ncard 52:54", 60)
    m.link("net0", False)
    m.wait_for(r"PXE-E51: No DHCP or proxyDHCP offers were received(?s:.*)to do: check the cable(?s:.*)again in \d+ s", 90)
    m.link("net0", True)
    m.wait_for("bench start", 120)
    m.link("net0", False)
    until = time.time() + 20
    while time.time() < until:
        m.pump(0.2)
    t.expect("bench seq" not in m.text, "everything had been read before the cable was out")
    m.link("net0", True)


def run(t):
    t.expect_payload("virtio-net-pci", during=lambda m: pull(t, m))
