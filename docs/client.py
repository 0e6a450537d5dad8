#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause-Patent
# client.py SERVER[:PORT] [DISK] > image: read a whole disk from a Rill server (protocol.md says how). A
# baseline client: one Tread under way, of as many segments as the window allows. Statistics go to stderr.
import functools, random, select, socket, struct, sys, time, uuid

TLOGIN, RLOGIN, RCOOKIE, RDENY, TREAD, RDATA, RERROR, LOGIN_AGAIN = 16, 17, 18, 19, 32, 33, 34, b"\0\1"
BYTES = {RLOGIN: range(1201), RCOOKIE: [36], RDENY: range(1201), RDATA: range(29, 8957), RERROR: [22]}
COOKIE, MAC, ARCH, STAGE, BUILD, DISK, CONTENT, WINDOW, SEGMENT, TICKET, SIZE, TEXT = 1, 2, *range(4, 13), 20
TLVS = {CONTENT: [16], WINDOW: [2], SEGMENT: [2], TICKET: range(1, 65), SIZE: [8], DISK: range(64),
        TEXT: range(256)}  # those that are understood here, and how long they may be
OWN_WINDOW, OWN_SEGMENT, PATIENCE = 64, 1408, 30
TABLE = [functools.reduce(lambda c, _: c >> 1 ^ 0x82F63B78 * (c & 1), range(8), byte) for byte in range(256)]

def crc32c(data):
    crc = functools.reduce(lambda crc, byte: TABLE[(crc ^ byte) & 255] ^ crc >> 8, data, 0xFFFFFFFF)
    return (crc ^ 0xFFFFFFFF).to_bytes(4, "big")

def parse_tlvs(data):  # gives None if malformed (M10)
    found = {}
    while data:
        kind, length = struct.unpack(">HH", data[:4].ljust(4, b"\xff"))
        value, data, number = data[4:4 + length], data[4 + length:], kind & 0x7FFF
        if len(value) < length or number in TLVS and (number in found or length not in TLVS[number]):
            return None
        if kind > number and number not in TLVS:  # M9
            sys.exit("the server demands something this client does not know")
        found[number] = int.from_bytes(value, "big") if number in (SIZE, SEGMENT, WINDOW) else value
    return found

class Client:
    def __init__(self, host, port, disk):
        self.socket, self.server = socket.socket(type=socket.SOCK_DGRAM), (socket.gethostbyname(host), port)
        self.socket.setsockopt(socket.IPPROTO_IP, 10, 2)  # Linux: IP_MTU_DISCOVER, IP_PMTUDISC_DO (M2)
        self.request, self.session, self.content, self.cookie = random.getrandbits(31), 0, b"", b""
        self.disk, self.window, self.trip, self.deviation, self.again = disk.encode(), OWN_WINDOW, 0.25, 0, 0
        self.heard, self.datagrams, self.cookies, self.trouble = time.monotonic(), 0, 0, "no answer"

    def ask(self, kind, generation, body):
        if time.monotonic() > self.heard + PATIENCE:
            sys.exit("%s from %s:%d for %d seconds" % (self.trouble, *self.server, PATIENCE))
        self.again += generation > 0
        head = struct.pack(">BBBBIQ", 1, kind, 0, generation & 255, self.request, self.session)
        self.socket.sendto(head + crc32c(head + bytes(4) + body) + body, self.server)

    def answer(self, kinds, until):  # the next right answer to the request under way, if any
        while select.select([self.socket], [], [], max(0, until - time.monotonic()))[0]:
            data, sender = self.socket.recvfrom(65535)
            head, check, body = data[:16].ljust(16, b"\0"), data[16:20], data[20:]
            version, kind, _, generation, request, session = struct.unpack(">BBBBIQ", head)
            if (sender == self.server and version == 1 and kind in kinds and len(data) in BYTES[kind]
                    and request == self.request and (session == self.session or kind == RLOGIN)  # M1, M5, M8
                    and check == crc32c(self.content * (kind == RDATA) + head + bytes(4) + body)):
                body = parse_tlvs(body) if kind in (RLOGIN, RDENY) else body
                if body is not None:
                    self.datagrams += 1
                    return kind, generation, session, body
        return None, 0, 0, None

    def login(self, generation=0):
        self.request, self.tried = self.request + (generation == 0), time.monotonic()
        body = b"".join(struct.pack(">HH", kind, len(value)) + value for kind, value in (
            (MAC, uuid.getnode().to_bytes(6, "big")), (ARCH, bytes(2)), (STAGE, b"\1"), (BUILD, b"client.py"),
            (WINDOW, OWN_WINDOW.to_bytes(2, "big")), (SEGMENT, OWN_SEGMENT.to_bytes(2, "big")),
            (DISK, self.disk), (CONTENT, self.content), (COOKIE, self.cookie)) if value)
        self.ask(TLOGIN, generation, body + struct.pack(">HH", 0, 64) + bytes(64))  # PAD (M11)
        timeout = min(2, 0.25 * 2 ** generation) * random.uniform(1, 1.25)
        kind, _, session, found = self.answer((RLOGIN, RCOOKIE, RDENY), self.tried + timeout)
        if kind == RCOOKIE:  # M13
            self.cookie, self.cookies = found, self.cookies + 1
            time.sleep(timeout * (self.cookies % 4 == 0))
            self.login()
        elif kind == RDENY:
            sys.exit("denied: %r" % found.get(TEXT, b"").decode("utf-8", "replace"))
        elif kind == RLOGIN:
            if not TLVS.keys() - {TEXT} <= found.keys() or self.content not in (b"", found[CONTENT]):
                sys.exit("the Rlogin is incomplete or for another content")  # M16
            self.session, self.disk, self.ticket, self.size = session, found[DISK], found[TICKET], found[SIZE]
            self.segment, self.limit = min(found[SEGMENT], OWN_SEGMENT) & ~15, min(found[WINDOW], OWN_WINDOW)
            self.content, self.cookies, self.window = found[CONTENT], 0, max(1, min(self.window, self.limit))

    def read(self, offset):  # the data of one Tread, or nothing if a login has to come first
        self.request, generation, parts, asked, whole = self.request + 1, 0, {}, [], self.window
        end = min(offset + whole * self.segment // 512 * 512, self.size)
        places, timeout = range(offset, end, self.segment), max(0.01, min(2, self.trip + 4 * self.deviation))
        while len(parts) < len(places):
            if all(place in parts for place in asked):  # nothing is under way: M21, M23
                asked = [place for place in places if place not in parts][:self.window]
                want = sum(1 << places.index(place) for place in asked)
                fields = struct.pack(">QIHHQ", offset, end - offset, self.segment, len(self.ticket), want)
                self.ask(TREAD, generation, self.content + fields + self.ticket)
                sent, limit, generation = time.monotonic(), timeout * random.uniform(1, 1.25), generation + 1
            kind, answered, _, body = self.answer((RDATA, RERROR), sent + limit)
            now = time.monotonic()
            if kind == RDATA:
                place = int.from_bytes(body[:8], "big")
                if place in places and place not in parts and len(body) == 8 + min(self.segment, end - place):
                    parts[place], self.heard = body[8:], now
                    if answered == generation - 1 & 255:
                        self.deviation += (abs(now - sent - self.trip) - self.deviation) / 4
                        self.trip += (now - sent - self.trip) / 8
            elif kind == RERROR:  # M25: ask again at the time-out, tell the user at the end
                self.trouble = "nothing but Rerror %d" % body[1]
            else:  # M28, M29
                asked, timeout, self.window = [], min(2 * timeout, 2), max(1, self.window // 2)
            if body == LOGIN_AGAIN and now > self.tried + 1 or now > max(self.heard + 1, self.tried + 5):
                return b""  # M30
        self.window += generation == 1 and len(places) == whole < self.limit
        return b"".join(parts[place] for place in places)

if __name__ == "__main__":
    host, _, port = sys.argv[1].partition(":")
    client, offset, generation = Client(host, int(port or 6910), "".join(sys.argv[2:])), 0, 0
    while not client.session:
        client.login(generation)
        generation += 1
    while offset < client.size:
        offset += sys.stdout.buffer.write(client.read(offset) or client.login() or b"")
    print("session %016x, disk %s, %d bytes, %d datagrams, %d re-requests" % (client.session,
        client.disk.decode("utf-8", "replace"), offset, client.datagrams, client.again), file=sys.stderr)
