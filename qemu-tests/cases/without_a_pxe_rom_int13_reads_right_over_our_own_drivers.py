# SPDX-License-Identifier: BSD-2-Clause-Patent
"""bench/payload, started by our CD, reads by INT 13h over each of our own drivers just what the host wrote, and of the BIOS's
ticks, which come while it reads, not one in twenty is lost."""
import os
import re

import image
import medium

LIMIT = 300
CARDS = (("virtio-net-pci", "virtio-net"), ("virtio-net-pci,disable-modern=on", "virtio-net"), ("e1000", "e1000"),
         ("e1000e", "e1000e"))
TICKS_A_SECOND, LOST_MAX = 18.2065, 0.05


def read(t, nic, named):
    path = t.folder + "/disk.img"
    work = image.Work(int.from_bytes(os.urandom(4), "little"), 64, 100, 50, 16 << 20)
    image.make(path, work)
    server = t.server({"bench": path}, "bench")
    m, cable = medium.start(t, "rill.iso", "ide-cd", "-device", "isa-debug-exit,iobase=0xf4,iosize=4",
                            uri="rill://10.99.0.1/bench", nic=nic, named=named, firmware="bios")
    m.wait_end(120, good=(33, 35))              # 0x10 and 0x11, as that device makes exit codes
    told = image.lines(m.text)
    t.expect("end" in told, "the payload did not end well; its last words:\n%s" % m.last_words())
    for phase in ("seq", "rnd", "chs"):
        problem = image.wrong(path, work, phase, told.get(phase))
        t.expect(not problem, problem)
    ticks, us = (int(n) for n in re.search(r"^bench ticks=(\d+) us=(\d+)", m.text, re.M).groups())
    t.expect(ticks >= us * 1e-6 * TICKS_A_SECOND * (1 - LOST_MAX) - 1, "only %d ticks in %d us" % (ticks, us))
    seq, rnd = told["seq"], told["rnd"]
    print("%s: %.1f MB/s, %d reads a second, %d ticks in %.1f s" % (
        nic, int(seq["bytes"]) / int(seq["wall_us"]), int(rnd["requests"]) * 1e6 / int(rnd["wall_us"]), ticks, us * 1e-6))
    m.stop()
    cable.stop()
    server.stop()
    t.token()


def run(t):
    t.dnsmasq(boot_file=None)
    for nic, named in CARDS:
        read(t, nic, named)
