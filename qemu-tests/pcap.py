# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Reads a pcap that is perhaps still being written, and what Rill's protocol says in it (docs/protocol.md chapter 2).

    for packet in Pcap(path):        all UDP packets complete in the file by now; ask again later for those that came since
        packet.time .source .source_port .target .target_port .payload

    head_of(packet)                  a stream message's head, or None if it is none, or was damaged
    step_of(packet)                  what this packet says about how far a boot has come, or None
"""
import collections
import struct

STREAM_PORT = 6910
HEAD = struct.Struct(">BBBBIQI")
TYPES = {16: "Tlogin", 17: "Rlogin", 18: "Rcookie", 19: "Rdeny", 20: "Rbusy", 21: "Rredirect", 32: "Tread", 33: "Rdata",
         34: "Rerror", 48: "Tping", 49: "Rping", 50: "Tstatus", 51: "Rstatus", 52: "Tbye", 53: "Rbye"}
DRIVER = 1

Packet = collections.namedtuple("Packet", "time source source_port target target_port payload")
Head = collections.namedtuple("Head", "type flags generation request session")


def udp_of(time, frame):
    """The UDP packet in an Ethernet frame, or None; fragments are none."""
    kind, at = struct.unpack_from(">H", frame, 12)[0] if len(frame) >= 14 else 0, 14
    if kind == 0x0800 and len(frame) >= at + 20:
        head = (frame[at] & 15) * 4
        fragment = struct.unpack_from(">H", frame, at + 6)[0] & 0x3FFF
        if frame[at + 9] != 17 or fragment:
            return None
        source = ".".join(map(str, frame[at + 12:at + 16]))
        target = ".".join(map(str, frame[at + 16:at + 20]))
        at += head
    elif kind == 0x86DD and len(frame) >= at + 40 and frame[at + 6] == 17:
        source, target = frame[at + 8:at + 24].hex(), frame[at + 24:at + 40].hex()
        at += 40
    else:
        return None
    if len(frame) < at + 8:
        return None
    source_port, target_port, length = struct.unpack_from(">HHH", frame, at)
    return Packet(time, source, source_port, target, target_port, frame[at + 8:at + max(length, 8)])


class Pcap:
    def __init__(self, path):
        self.path, self.at, self.order = path, 24, None

    def __iter__(self):
        for when, frame in self.frames():
            packet = udp_of(when, frame)
            if packet:
                yield packet

    def frames(self):
        """Every frame with its time."""
        try:
            with open(self.path, "rb") as f:
                magic = f.read(4)
                if len(magic) < 4:
                    return
                order = "<" if magic == b"\xd4\xc3\xb2\xa1" else ">"
                f.seek(self.at)
                data = f.read()
        except FileNotFoundError:
            return
        at = 0
        while at + 16 <= len(data):
            seconds, micros, kept, _ = struct.unpack_from(order + "IIII", data, at)
            if at + 16 + kept > len(data):
                break
            yield seconds + micros / 1e6, data[at + 16:at + 16 + kept]
            at += 16 + kept
        self.at += at


def crc32c_table():
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
        table.append(value)
    return table


CRC32C = crc32c_table()


def is_whole(message):
    """Whether the check is right. Rdata's cannot be judged without its request: true."""
    if message[1] == 33:
        return True
    crc = 0xFFFFFFFF
    for byte in message[:16] + bytes(4) + message[20:]:
        crc = crc >> 8 ^ CRC32C[(crc ^ byte) & 255]
    return crc ^ 0xFFFFFFFF == int.from_bytes(message[16:20], "big")


def head_of(packet, port=STREAM_PORT):
    """A message's head; None for what is no message, or one that was damaged on the way."""
    if port not in (packet.source_port, packet.target_port) or len(packet.payload) < HEAD.size:
        return None
    version, kind, flags, generation, request, session, _ = HEAD.unpack_from(packet.payload)
    if version != 1 or kind not in TYPES or not is_whole(packet.payload):
        return None
    return Head(TYPES[kind], flags, generation, request, session)


def dhcp_of(packet):
    """The options of a DHCP packet as {number: bytes}, or None."""
    data = packet.payload
    if 67 not in (packet.source_port, packet.target_port) or len(data) < 240 or data[236:240] != b"\x63\x82\x53\x63":
        return None
    options, at = {}, 240
    while at + 1 < len(data) and data[at] != 255:
        if data[at] == 0:
            at += 1
            continue
        options[data[at]] = options.get(data[at], b"") + data[at + 2:at + 2 + data[at + 1]]
        at += 2 + data[at + 1]
    return options


def step_of(packet, port=STREAM_PORT):
    options = dhcp_of(packet)
    if options is not None:
        who = "Rill" if b"Rill" in options.get(77, b"") else "PXE ROM"
        kind = options.get(53, b"\0")[0]
        return who + {1: ": DHCP discover", 3: ": DHCP request"}.get(kind, ": ?") if packet.target_port == 67 else None
    if packet.target_port == 69 and packet.payload[:2] == b"\0\1":
        return "TFTP of " + packet.payload[2:].split(b"\0")[0].decode(errors="replace")
    head = head_of(packet, port)
    if head is None:
        return None
    if head.type in ("Tlogin", "Rlogin", "Rdeny"):
        return {"Tlogin": "login asked", "Rlogin": "login granted", "Rdeny": "login denied"}[head.type] + \
            (" (driver)" if head.flags & DRIVER else "")
    if head.type == "Tread":
        return "first read by the " + ("driver" if head.flags & DRIVER else "firmware")
    return None


def first_times(path, port=STREAM_PORT):
    """{step: when it was first on the wire}, in the order in which they came."""
    times = {}
    for packet in Pcap(path):
        times.setdefault(step_of(packet, port), packet.time)
    times.pop(None, None)
    return times


def summary(path, port=STREAM_PORT):
    """What a boot did: sessions that read and bytes received, by stage; messages by type; the steps in order."""
    sessions = {"firmware": set(), "driver": set()}
    received = {"firmware": 0, "driver": 0}
    types, steps = collections.Counter(), []
    for packet in Pcap(path):
        step = step_of(packet, port)
        if step and step not in steps:
            steps.append(step)
        head = head_of(packet, port)
        if head is None:
            continue
        stage = "driver" if head.flags & DRIVER else "firmware"
        types[head.type] += 1
        if head.type == "Tread":
            sessions[stage].add(head.session)
        elif head.type == "Rdata":
            received[stage] += len(packet.payload) - 28
    return {"sessions": sessions, "received": received, "types": types, "steps": steps}
