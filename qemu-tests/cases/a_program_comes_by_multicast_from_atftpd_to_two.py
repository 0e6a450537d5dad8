# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Two machines (as Linux processes) fetch one program by TFTP's multicast option from atftpd: one asks for the blocks; the other
comes in the middle, over a cable that loses frames, takes what it hears, and asks for the rest when it is its turn."""
import os

import pcap
import tftp

BLOCKS, BLOCK = 200, 1456


def sent_by(cable, first_bytes):
    return [p for p in pcap.Pcap(cable.pcap) if p.payload.startswith(first_bytes)]


def run(t):
    cables = [t.cable(0, delay=10), t.cable(1, loss=1, seed=8)]
    os.makedirs(t.folder + "/tftp")
    program = b"\xb8\0\0" + os.urandom(BLOCKS * BLOCK - 100)
    with open(t.folder + "/tftp/program.bin", "wb") as f:
        f.write(program)
    with open(t.folder + "/config", "wb") as f:
        f.write(b"RILLCONF\0\1\0\5" b"\2\x0f\0\1\1")
    t.dnsmasq(boot_file="program.bin", tftp=False)
    tftp.Atftpd(t)
    hosts = []
    for card in (0, 1):
        hosts.append(t.host("--once", "--config", t.folder + "/config", "--chain-to", "%s/got%d" % (t.folder, card), card=card))
        hosts[-1].wait_for(r"fetching program\.bin", 20)
    for card, h in enumerate(hosts):
        h.wait_for(r"starting program\.bin, %d bytes" % len(program), 90)
        h.wait_end(10)
        t.expect("not by multicast" not in h.text, "machine %d gave it up" % card)
        with open("%s/got%d" % (t.folder, card), "rb") as f:
            t.expect(f.read() == program, "machine %d has another program" % card)
    for cable in cables:
        cable.stop()
    acks = [len(sent_by(c, b"\0\4")) for c in cables]
    print("%d blocks; ACKs of the two machines: %d and %d" % (BLOCKS, *acks))
    t.expect(acks[0] >= BLOCKS > acks[1] > 1, "the second did not take what the first asked for: %s ACKs" % acks)
    t.token()
