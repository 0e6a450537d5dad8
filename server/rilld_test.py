#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause-Patent
"""rilld as a process, asked over loopback by a client written from docs/protocol.md alone.

Run by `make check`; needs only Python's standard library, no root and no network.
Usage: rilld_test.py PATH-OF-RILLD [CASE...]
"""
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

TLOGIN, RLOGIN, RCOOKIE, RDENY, RBUSY, RREDIRECT = range(16, 22)
TREAD, RDATA, RERROR = 32, 33, 34
TPING, RPING, TSTATUS, RSTATUS, TBYE, RBYE = range(48, 54)
DRIVER, DRAINING = 1, 8
PAD, COOKIE, MAC, ARCH, STAGE, BUILD, DISK, CONTENT, WINDOW, SEGMENT, TICKET, SIZE, MODE = (
    0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13)
SERVER, EXPIRES, REASON, TEXT, WAIT_MS = 15, 18, 19, 20, 21
PLACE = tempfile.mkdtemp(prefix="rilld-test-")
RILLD = ""

CRC = []
for n in range(256):
    for _ in range(8):
        n = n >> 1 ^ (0x82F63B78 if n & 1 else 0)
    CRC.append(n)


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = CRC[(crc ^ byte) & 255] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


def message(kind, request, session=0, body=b"", flags=0, generation=0):
    head = struct.pack(">BBBBIQ", 1, kind, flags, generation, request, session)
    return head + struct.pack(">I", crc32c(head + bytes(4) + body)) + body


def tlv(kind, value):
    return struct.pack(">HH", kind, len(value)) + value


def tlvs(body):
    out = {}
    while body:
        kind, length = struct.unpack(">HH", body[:4])
        out[kind] = body[4:4 + length]
        body = body[4 + length:]
    return out


class Server:
    """A rilld of our own on a port the system chooses."""

    def __init__(self, *options, address="127.0.0.1", port=0):
        self.log_path = os.path.join(PLACE, f"log-{time.monotonic_ns()}")
        self.log = open(self.log_path, "w+b")
        self.process = subprocess.Popen(
            [RILLD, "--listen", f"{address}:{port}", "--threads", "2", "--log", "json", *options],
            stdout=self.log, stderr=subprocess.PIPE)
        until = time.monotonic() + 5
        while not self.events("ready"):
            assert self.process.poll() is None, self.process.stderr.read()
            assert time.monotonic() < until, "rilld does not get ready"
            time.sleep(0.005)
        self.port = int(self.events("ready")[0]["listen"].rsplit(":", 1)[1])
        self.address = (address.strip("[]"), self.port)

    def lines(self):
        with open(self.log_path, encoding="utf-8") as f:
            return [json.loads(line) for line in f.read().split("\n")[:-1]]

    def events(self, name):
        return [line for line in self.lines() if line["event"] == name]

    def stop(self, how=signal.SIGTERM):
        """Ends it; how long that took."""
        start = time.monotonic()
        self.process.send_signal(how)
        code = self.process.wait(timeout=10)
        said = self.process.stderr.read()
        assert code == 0 or how == signal.SIGKILL, (code, said)
        assert not said, said
        return time.monotonic() - start


class Client:
    def __init__(self, server, family=socket.AF_INET, mac=b"\x52\x54\x00\x12\x34\x56"):
        self.sock = socket.socket(family, socket.SOCK_DGRAM)
        self.sock.settimeout(1)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.to, self.mac, self.request, self.session = server.address, mac, 0, 0
        self.content = self.ticket = b""
        self.size = 0

    def send(self, datagram):
        self.sock.sendto(datagram, self.to)

    def receive(self):
        datagram, sender = self.sock.recvfrom(65536)
        assert sender[:2] == self.to, f"M1: asked {self.to}, answered by {sender}"
        version, kind, flags, generation, request, session, check = struct.unpack(">BBBBIQI", datagram[:20])
        covered = (self.content if kind == RDATA else b"") + datagram[:16] + bytes(4) + datagram[20:]
        assert version == 1 and check == crc32c(covered), "wrong check"
        return kind, flags, generation, request, session, datagram[20:]

    def ask(self, kind, body=b"", flags=0):
        self.request += 1
        self.send(message(kind, self.request, self.session, body, flags))
        got, rflags, _, request, _, rbody = self.receive()
        assert request == self.request and rflags & DRIVER == flags & DRIVER
        return got, rflags, rbody

    def login_once(self, *more, stage=1):
        body = (tlv(MAC, self.mac) + tlv(ARCH, b"\0\0") + tlv(STAGE, bytes([stage])) + tlv(BUILD, b"test 1")
                + tlv(WINDOW, b"\0\x10") + tlv(SEGMENT, struct.pack(">H", 1408)) + b"".join(more))
        self.request += 1
        flags = DRIVER if stage == 2 else 0
        self.send(message(TLOGIN, self.request, self.session, body + tlv(PAD, bytes(max(0, 104 - len(body)))), flags))
        kind, flags, _, request, session, rbody = self.receive()
        assert request == self.request
        return kind, flags, session, rbody if kind == RCOOKIE else tlvs(rbody)

    def login(self, *more, stage=1):
        kind, _, _, cookie = self.login_once(*more, stage=stage)
        assert kind == RCOOKIE and len(cookie) == 16
        kind, flags, session, values = self.login_once(tlv(COOKIE, cookie), *more, stage=stage)
        if kind == RLOGIN:
            self.session, self.content, self.ticket = session, values[CONTENT], values[TICKET]
            self.size = struct.unpack(">Q", values[SIZE])[0]
        return kind, values

    def ask_read(self, offset, length, segment=1408, want=None, flags=0, generation=0):
        count = -(-length // segment)
        want = (1 << count) - 1 if want is None else want
        body = self.content + struct.pack(">QIHHQ", offset, length, segment, len(self.ticket), want) + self.ticket
        self.send(message(TREAD, self.request, self.session, body, flags, generation))
        return want

    def read(self, offset, length, segment=1408, want=None, flags=0, generation=0):
        """{offset: data} of what came, or the code of an Rerror."""
        self.request += 1
        want = self.ask_read(offset, length, segment, want, flags, generation)
        parts = {}
        while len(parts) < bin(want).count("1"):
            kind, rflags, rgeneration, request, session, body = self.receive()
            assert (request, rgeneration, session) == (self.request, generation, self.session), "M6"
            assert rflags & DRIVER == flags & DRIVER, "M6"
            if kind == RERROR:
                return struct.unpack(">H", body)[0]
            assert kind == RDATA
            parts[struct.unpack(">Q", body[:8])[0]] = body[8:]
        return parts

    def read_all(self, offset, length, **how):
        parts = self.read(offset, length, **how)
        assert isinstance(parts, dict), f"Rerror {parts}"
        assert list(parts) == sorted(parts), "M20: rising order"
        return b"".join(parts[at] for at in sorted(parts))


def image(name, size):
    path = os.path.join(PLACE, name)
    data = os.urandom(size)
    with open(path, "wb") as f:
        f.write(data)
    return path, data


def key_file():
    path = os.path.join(PLACE, "key")
    with open(path, "w", encoding="ascii") as f:
        f.write(os.urandom(32).hex() + "\n")
    os.chmod(path, 0o600)
    return path


# --- cases ---------------------------------------------------------------------------------------------------------

def case_reads_a_disk():
    path, data = image("odd", 1_000_001)
    padded = data + bytes(-len(data) % 4096)
    server = Server("--disk", f"odd={path}")
    client = Client(server)
    assert client.login()[0] == RLOGIN
    assert client.size == len(padded)
    got = b"".join(client.read_all(at, min(65536, client.size - at)) for at in range(0, client.size, 65536))
    assert got == padded
    assert client.read_all(4096, 8192, flags=DRIVER) == padded[4096:12288]
    assert client.read(4096, 4096, want=0b101, generation=3) == {
        4096: padded[4096:5504], 4096 + 2816: padded[6912:8192]}
    assert client.read(client.size, 512) == 3, "OUT_OF_RANGE"
    good, client.ticket = client.ticket, bytes(41)
    assert client.read(0, 512) == 1, "LOGIN_AGAIN"
    client.ticket = good
    ticketed = struct.pack(">H", len(good)) + good
    assert client.ask(TPING, b"hello")[::2] == (RPING, b"hello")
    assert client.ask(TSTATUS, ticketed + tlv(TEXT, b"shell \x1b[31m\"x\""), DRIVER)[0] == RSTATUS
    assert client.ask(TBYE, ticketed + tlv(TEXT, b"poweroff"), DRIVER)[0] == RBYE
    assert client.ask(TBYE, ticketed, DRIVER)[0] == RBYE, "M4"
    assert 1 <= server.stop() < 3
    ends = server.events("end")
    assert len(ends) == 1 and ends[0]["why"] == "bye" and ends[0]["text"] == "poweroff"
    assert ends[0]["firmware_bytes"] >= len(padded) and ends[0]["driver_bytes"] == 8192 and ends[0]["again"] == 1
    assert ends[0]["mac"] == "52:54:00:12:34:56" and ends[0]["disk"] == "odd"
    assert len(server.events("login")) == 1 and server.events("stage")[0]["stage"] == "driver"


def main():
    global RILLD
    RILLD = os.path.abspath(sys.argv[1])
    cases = [name for name in globals() if name.startswith("case_")]
    for name in sys.argv[2:] or [name[5:] for name in cases]:
        start = time.monotonic()
        globals()["case_" + name]()
        print(f"{name:32} {time.monotonic() - start:5.2f} s", flush=True)


if __name__ == "__main__":
    main()
