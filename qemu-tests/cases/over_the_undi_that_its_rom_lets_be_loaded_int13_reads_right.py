# SPDX-License-Identifier: BSD-2-Clause-Patent
"""bench/payload, started by our CD, reads by INT 13h over the UNDI loaded from the card's ROM just what the host wrote."""
import os

import image
import medium

LIMIT = 240


def run(t):
    path = t.folder + "/disk.img"
    work = image.Work(int.from_bytes(os.urandom(4), "little"), 64, 100, 50, 16 << 20)
    image.make(path, work)
    t.dnsmasq(boot_file=None)
    t.server({"bench": path}, "bench")
    m, _ = medium.start(t, "rill.iso", "ide-cd", "-device", "isa-debug-exit,iobase=0xf4,iosize=4", uri="rill://10.99.0.1/bench",
                        nic="rtl8139", named="undi 10ec:8139", firmware="bios", rom="")
    m.wait_end(200, good=(33, 35))               # 0x10 and 0x11, as that device makes exit codes
    told = image.lines(m.text)
    t.expect("end" in told, "the payload did not end well; its last words:\n%s" % m.last_words())
    for phase in ("seq", "rnd", "chs"):
        problem = image.wrong(path, work, phase, told.get(phase))
        t.expect(not problem, problem)
    t.token()
