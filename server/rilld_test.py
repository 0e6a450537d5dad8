#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause-Patent
"""rilld as a process, asked over loopback by a client written from docs/protocol.md alone.

Run by `make check`; needs only Python's standard library, no root and no network.
Usage: rilld_test.py PATH-OF-RILLD [CASE...]
"""
import concurrent.futures
import datetime
import json
import os
import shutil
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
DRIVER, AHEAD, DRAINING = 1, 4, 8
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
    started = []

    def __init__(self, *options, address="127.0.0.1", port=0):
        self.log_path = os.path.join(PLACE, f"log-{time.monotonic_ns()}")
        self.log = open(self.log_path, "w+b")
        self.process = subprocess.Popen(
            [RILLD, "--listen", f"{address}:{port}", "--threads", "2", "--log", "json", *options],
            stdout=self.log, stderr=subprocess.PIPE)
        Server.started.append(self.process)
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
        """Ends it; how long that took by its own words: a sanitizer's search for leaks comes after them."""
        start = time.time()
        self.process.send_signal(how)
        code, said, words = self.process.wait(timeout=10), self.process.stderr.read(), self.events("stopped")
        assert code == 0 or how == signal.SIGKILL, (code, said)
        assert not said, said
        return datetime.datetime.fromisoformat(words[0]["time"].replace("Z", "+00:00")).timestamp() - start if words else None


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
    path = os.path.join(tempfile.mkdtemp(dir=PLACE), name)
    data = os.urandom(size)
    with open(path, "wb") as f:
        f.write(data)
    return path, data


def key_file():
    path = os.path.join(tempfile.mkdtemp(dir=PLACE), "key")
    with open(path, "w", encoding="ascii") as f:
        f.write(os.urandom(32).hex() + "\n")
    os.chmod(path, 0o600)
    return path


def fails(*options):
    """The one line rilld says before it ends with 2."""
    done = subprocess.run([RILLD, *options], capture_output=True, text=True, timeout=10, check=False)
    assert done.returncode == 2 and not done.stdout, (done.returncode, done.stdout)
    assert done.stderr.startswith("rilld: ") and done.stderr.count("\n") == 1, done.stderr
    return done.stderr[7:-1]


# --- cases ---------------------------------------------------------------------------------------------------------

def case_reads_a_disk():
    path, data = image("odd", 200_001)
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
    assert client.read_all(0, 5120, segment=512) == padded[:5120]
    assert client.read_all(0, 64512, segment=8928) == padded[:64512]
    assert client.read(client.size, 512) == 3, "OUT_OF_RANGE"
    good, client.ticket = client.ticket, bytes(41)
    assert client.read(0, 512) == 1, "LOGIN_AGAIN"
    client.ticket = good
    ticketed = struct.pack(">H", len(good)) + good
    assert client.ask(TPING, b"hello")[::2] == (RPING, b"hello")
    assert client.ask(TSTATUS, ticketed + tlv(TEXT, b"shell \x1b[31m\"x\""), DRIVER)[0] == RSTATUS
    assert client.ask(TBYE, ticketed + tlv(TEXT, b"poweroff"), DRIVER)[0] == RBYE
    assert client.ask(TBYE, ticketed, DRIVER)[0] == RBYE, "M4"
    server.stop()
    ends = server.events("end")
    assert len(ends) == 1 and ends[0]["why"] == "bye" and ends[0]["text"] == "poweroff"
    assert ends[0]["firmware_bytes"] >= len(padded) and ends[0]["driver_bytes"] == 8192 and ends[0]["continued"] == 1
    assert ends[0]["mac"] == "52:54:00:12:34:56" and ends[0]["disk"] == "odd"
    assert len(server.events("login")) == 1 and server.events("stage")[0]["stage"] == "driver"
    assert server.events("stopped")[0]["sent_one_by_one"] == 0


def case_m01_answers_from_the_address_that_was_asked():
    path, data = image("small", 8192)
    for listen, asked, family in (("[::]", "127.0.0.2", socket.AF_INET), ("[::]", "::1", socket.AF_INET6),
                                  ("0.0.0.0", "127.0.0.3", socket.AF_INET)):
        server = Server("--disk", f"small={path}", address=listen)
        server.address = (asked, server.port)
        client = Client(server, family)                 # receive() compares the addresses
        assert client.login()[0] == RLOGIN
        assert client.read_all(0, 8192) == data
        server.stop(signal.SIGKILL)


def case_m04_lost_doubled_and_damaged():
    path, data = image("small", 8192)
    server = Server("--disk", f"small={path}")
    client = Client(server)
    client.login()
    client.request += 1
    for generation in (0, 0, 1):
        client.ask_read(0, 1024, generation=generation)
    answers = [client.receive() for _ in range(3)]
    assert [a[5][8:] for a in answers] == [data[:1024]] * 3 and [a[2] for a in answers] == [0, 0, 1]
    good = message(TPING, 5, 0, b"echo")
    for damaged in (good[:-1], good[:19], b"", good[:1] + b"\x31" + good[2:], b"\2" + good[1:], good + b"x"):
        client.send(damaged)
    client.send(good)
    assert client.receive()[5] == b"echo"               # the first that is answered at all
    server.stop(signal.SIGKILL)


def case_what_nobody_waits_for_comes_last():
    path, data = image("small", 8192)
    server = Server("--disk", f"small={path}")
    client = Client(server)
    client.login()
    server.process.send_signal(signal.SIGSTOP)          # so that all of it is there at once
    time.sleep(0.15)
    for flags in (AHEAD, AHEAD, 0, AHEAD, DRIVER):
        client.request += 1
        client.ask_read(512, 512, flags=flags)
    last = client.request
    server.process.send_signal(signal.SIGCONT)
    answers = [client.receive() for _ in range(5)]
    # The one under way when the server was stopped may be alone in its batch.
    order = [a[3] - last for a in answers]
    assert order in ([-2, 0, -4, -3, -1], [-4, -2, 0, -3, -1]), order
    assert all(a[5][8:] == data[512:1024] for a in answers)
    server.stop(signal.SIGKILL)


def case_a_log_nobody_reads_stops_nothing():
    path, _ = image("small", 8192)
    process = subprocess.Popen([RILLD, "--disk", f"small={path}", "--listen", "127.0.0.1:0", "--threads", "1"],
                               stdout=subprocess.PIPE)
    server = Server.__new__(Server)
    Server.started.append(process)
    while b" ready " not in (line := process.stdout.readline()):
        assert line
    server.address = ("127.0.0.1", int(line.split(b"listen=127.0.0.1:")[1].split()[0]))
    client = Client(server)
    client.sock.settimeout(5)
    client.login()
    ticketed = struct.pack(">H", len(client.ticket)) + client.ticket
    for _ in range(700):                                # 64 KiB of lines fill a pipe
        assert client.ask(TSTATUS, ticketed + tlv(TEXT, b"x" * 50))[0] == RSTATUS
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=5) == 0
    lines = process.stdout.read().count(b" status ")
    assert 250 < lines < 690, lines
    process.stdout.close()


def case_no_gso_sends_the_same():
    path, data = image("small", 131072)
    server = Server("--disk", f"small={path}", "--no-gso")
    client = Client(server)
    client.login()
    assert client.read_all(0, 64 * 1408 // 512 * 512) == data[:64 * 1408 // 512 * 512]
    server.stop()
    stopped = server.events("stopped")[0]
    assert stopped["sent_one_by_one"] == 0 and stopped["lost"] == 0 and stopped["sent"] == 66


def case_bad_arguments():
    path, _ = image("fine", 4096)
    missing, key = os.path.join(PLACE, "missing"), os.path.join(PLACE, "bad-key")
    recipe = "(umask 077; head -c32 /dev/urandom | od -An -tx1 | tr -d ' \\n' > %s)"
    with open(key, "w", encoding="ascii") as f:
        f.write("secret\n")
    fine = ("--disk", f"fine={path}")
    assert fails() == "no disk to serve; give at least one --disk NAME=FILE (see rilld --help)"
    assert fails("--disk", f"a={missing}") == (
        f"--disk a={missing}: cannot open the file: No such file or directory; give the path of a raw disk image")
    assert fails("--disk", f"a={PLACE}") == (
        f"--disk a={PLACE}: not a regular file; give the path of a raw disk image")
    assert fails(*fine, "--default", "other") == (
        "--default other: no --disk has this name; add --disk other=FILE or name another")
    assert fails(*fine, "--key", missing) == (
        f"--key {missing}: cannot open the file: No such file or directory; make one with {recipe % missing}")
    assert fails(*fine, "--key", key) == f"--key {key}: not 64 hex digits; make a key with {recipe % key}"
    assert fails("--disk", "a\nb") == "--disk a?b: not NAME=FILE; for example --disk debian=/srv/debian.img"
    assert fails(*fine, "--frob") == "--frob: no such option; rilld --help lists them"
    assert fails(*fine, "--listen", "192.0.2.1:6910") == (
        "cannot listen on 192.0.2.1:6910: Cannot assign requested address; give --listen an address this computer has")
    server = Server(*fine)
    assert fails(*fine, "--listen", f"127.0.0.1:{server.port}") == (
        f"cannot listen on 127.0.0.1:{server.port}: Address already in use; "
        "stop the other server there, or choose another port with --listen")
    server.stop(signal.SIGKILL)
    for option, begin in (("--help", "rilld: lets machines"), ("--version", "rilld 1")):
        done = subprocess.run([RILLD, option], capture_output=True, text=True, timeout=10, check=True)
        assert done.stdout.startswith(begin) and not done.stderr


def case_many_threads_end_together():
    assert Server("--disk", f"small={image('small', 8192)[0]}", "--threads", "64").stop() < 3   # in turn it was over 4 s


def case_drains():
    path, data = image("small", 8192)
    server = Server("--disk", f"small={path}")
    client, late = Client(server), Client(server, mac=b"\2\0\0\0\0\1")
    client.login()
    start = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    while not server.events("draining"):
        time.sleep(0.01)
    kind, values = late.login()
    assert kind == RBUSY and values[WAIT_MS] == struct.pack(">I", 2000), kind
    flags = set()
    while time.monotonic() < start + 1.5:               # as long as it is read it stays
        client.request += 1
        client.ask_read(0, 512)
        kind, rflags, _, _, _, body = client.receive()
        assert kind == RDATA and body[8:] == data[:512]
        flags.add(rflags)
        time.sleep(0.1)
    assert flags == {DRAINING}
    assert server.process.wait(timeout=5) == 0
    assert 2.3 < time.monotonic() - start < 6
    end = server.events("end")[0]
    assert end["why"] == "server stops" and end["firmware_bytes"] >= 512 * 10 and end["disk"] == "small"
    server = Server("--disk", f"small={path}")
    assert server.stop() < 0.9, "nobody is there"
    server = Server("--disk", f"small={path}")
    Client(server).login()
    server.process.send_signal(signal.SIGINT)
    time.sleep(0.1)
    start = time.monotonic()
    server.process.send_signal(signal.SIGINT)           # twice: at once
    assert server.process.wait(timeout=3) == 0 and time.monotonic() - start < 0.9


def case_a_restart_with_the_same_key_loses_nothing():
    path, data = image("small", 8192)
    key = key_file()
    server = Server("--disk", f"small={path}", "--key", key)
    client = Client(server)
    client.login()
    server.stop(signal.SIGKILL)
    server = Server("--disk", f"small={path}", "--key", key, port=server.port)
    assert client.read_all(0, 8192, flags=DRIVER) == data
    server.stop()
    assert server.events("resumed")[0]["session"] == f"{client.session:016x}"
    assert server.events("end")[0]["driver_bytes"] == 8192
    assert not server.events("warning")
    os.chmod(key, 0o644)
    server = Server("--disk", f"small={path}", "--key", key)
    assert server.events("warning")[0]["text"] == "everybody on this computer can read the key; chmod 600 it"
    server.stop(signal.SIGKILL)


def case_a_restart_without_a_key_asks_for_a_login():
    path, data = image("small", 8192)
    server = Server("--disk", f"small={path}")
    client = Client(server)
    client.login()
    session, content = client.session, client.content
    server.stop(signal.SIGKILL)
    server = Server("--disk", f"small={path}", port=server.port)
    assert client.read(0, 512) == 1, "LOGIN_AGAIN"
    assert client.login(tlv(CONTENT, content), stage=2)[0] == RLOGIN
    assert client.session == session and client.content == content, "M17"
    assert client.read_all(0, 8192) == data
    server.stop(signal.SIGKILL)


def case_an_image_that_shrinks():
    path, _ = image("shrinks", 65536)
    server = Server("--disk", f"shrinks={path}")
    client = Client(server)
    client.login()
    assert isinstance(client.read(32768, 4096), dict)
    os.truncate(path, 20000)
    assert client.read(32768, 4096) == 4 and client.read(0, 4096) == 4, "IO_ERROR"
    kind, values = Client(server).login()
    assert kind == RDENY and values[REASON] == b"\0\x08"
    assert values[TEXT] == (b'disk "shrinks" was changed on the server while it is served; '
                            b'restart rilld to serve it anew')
    server.stop()
    broken = server.events("broken")
    assert [line["text"] for line in broken] == [
        f"{path}: cannot read at byte 32768: it shrank from 65536 to 20000 bytes; restore it, restart rilld"]


def case_denied_busy_redirected():
    path, _ = image("small", 8192)
    hollow = os.path.join(PLACE, "hollow")
    with open(hollow, "wb"):
        pass
    server = Server("--disk", f"small={path}", "--disk", f"hollow={hollow}", "--sessions-max", "1")
    client = Client(server)
    assert client.login()[1][REASON] == b"\0\2"
    assert client.login(tlv(DISK, b"none"))[1] == {
        REASON: b"\0\1", TEXT: b'no disk "none" here; this server has: small, hollow'}
    assert client.login(tlv(DISK, b"hollow"))[1] == {
        REASON: b"\0\3",
        TEXT: f'disk "hollow" is empty: {hollow} has 0 bytes; put an image there and restart rilld'.encode()}
    assert client.login(tlv(DISK, b"small"), tlv(CONTENT, bytes(16)))[1][REASON] == b"\0\5"
    assert client.login(tlv(DISK, b"small"))[0] == RLOGIN
    assert Client(server, mac=b"\2\0\0\0\0\1").login(tlv(DISK, b"small"))[0] == RBUSY
    assert [line["reason"] for line in server.events("deny")] == [2, 1, 3, 5]
    server.stop(signal.SIGKILL)
    server = Server("--redirect", "192.0.2.7:7000")
    kind, values = Client(server).login()
    assert kind == RREDIRECT and values[SERVER] == bytes(10) + b"\xff\xff\xc0\0\2\7" + struct.pack(">H", 7000)
    server.stop(signal.SIGKILL)


def case_many_machines():
    path, data = image("small", 8192)
    server = Server("--disk", f"small={path}", "--default", "small")
    clients = [Client(server, mac=struct.pack(">HI", 0x5254, n)) for n in range(200)]
    for client in clients:
        assert client.login()[0] == RLOGIN
    assert len({client.session for client in clients}) == 200
    for client in clients:
        client.request += 1
        client.ask_read(4096, 1024)
    for client in clients:
        assert client.receive()[5][8:] == data[4096:5120]
    server.stop()
    assert len(server.events("login")) == 200 and len(server.events("end")) == 200
    assert server.events("stopped")[0]["logins"] == 200


def timed(name):
    start = time.monotonic()
    globals()["case_" + name]()
    return f"{name:46} {time.monotonic() - start:5.2f} s"


def main():
    global RILLD
    RILLD = os.path.abspath(sys.argv[1])
    names = sys.argv[2:] or [name[5:] for name in globals() if name.startswith("case_")]
    assert names, "no case"
    try:
        with concurrent.futures.ThreadPoolExecutor(4) as pool:      # they wait most of the time
            for line in pool.map(timed, names):
                print(line, flush=True)
    finally:
        for process in Server.started:
            process.kill()
        shutil.rmtree(PLACE)


if __name__ == "__main__":
    main()
