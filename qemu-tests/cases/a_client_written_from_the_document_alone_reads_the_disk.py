# SPDX-License-Identifier: BSD-2-Clause-Patent
"""docs/client.py was written by someone who had seen docs/protocol.md and nothing else of Rill. It reads a disk of an odd
size, as it is and through a relay that loses, doubles and damages one datagram in ten, and says why it is denied another."""
import os
import random
import select
import socket
import subprocess
import threading

RELAY_PORT = 7010


def relay(server, closed, seed=11):
    """A bad network of one machine, both ways."""
    dice = random.Random(seed)
    outer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    inner = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    outer.bind(("10.99.0.1", RELAY_PORT))
    inner.connect(server)
    client, spoiled = None, 0
    while not closed.is_set():
        for at in select.select([outer, inner], [], [], 0.1)[0]:
            data, source = at.recvfrom(65536)
            if at is outer:
                client = source
            fate = dice.random()
            spoiled += fate < 0.1
            if fate < 0.05:
                continue
            if fate < 0.08:
                at_byte = dice.randrange(len(data))
                data = data[:at_byte] + bytes([data[at_byte] ^ 1 << dice.randrange(8)]) + data[at_byte + 1:]
            for _ in range(2 if 0.08 <= fate < 0.1 else 1):
                inner.send(data) if at is outer else outer.sendto(data, client)
    closed.spoiled = spoiled


def run(t):
    t.cable()
    path = t.folder + "/odd.img"
    data = os.urandom((3 << 20) + 700)
    with open(path, "wb") as f:
        f.write(data)
    padded = data + bytes(-len(data) % 4096)
    t.server({"odd": path, "other": t.disk}, default="odd")

    def read(*words):
        return subprocess.run(["/usr/bin/python3", "docs/client.py", *words], capture_output=True, timeout=150)

    t.expect(read("10.99.0.1:6910").stdout == padded, "the default disk was not read as it is")
    closed = threading.Event()
    bad = threading.Thread(target=relay, args=(("10.99.0.1", 6910), closed), daemon=True)
    bad.start()
    through = read("10.99.0.1:%d" % RELAY_PORT, "odd")
    closed.set()
    bad.join()
    t.expect(through.stdout == padded, "through the bad relay: %s" % through.stderr.decode())
    t.expect(closed.spoiled > 100, "the relay spoiled only %d datagrams" % closed.spoiled)
    denied = read("10.99.0.1:6910", "nosuch")
    t.expect(denied.returncode == 1 and b'no disk "nosuch"' in denied.stderr, "denied, it says: %s" % denied.stderr.decode())
    t.token()
