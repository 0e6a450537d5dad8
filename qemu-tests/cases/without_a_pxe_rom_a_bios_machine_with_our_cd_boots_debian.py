# SPDX-License-Identifier: BSD-2-Clause-Patent
"""rill.iso in a BIOS machine whose card has no ROM: the whole of Debian, in one session, over our own driver and then Linux's."""
import medium

LIMIT = 300


def run(t):
    t.dnsmasq(boot_file=None)
    t.server({"debian": t.disk, "other": "build/out/rill.img"}, default="other")
    m, cable = medium.start(t, "rill.iso", "ide-cd", uri="rill://10.99.0.1/debian", firmware="bios")
    t.expect_proof(m, beside=("sr0",))          # the CD itself, if the guest looks that early
    cable.stop()
    t.servers[-1].stop()
    t.expect_bytes_in_log(t.servers[-1].log)
    t.expect_one_session(cable.pcap)
