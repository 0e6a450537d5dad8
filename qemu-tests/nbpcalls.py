# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Every opcode of PXE 2.1, called by guest/nbp.asm (nbp.py), with the answers that docs/pxe-api.md promises.

    expect_all(t, card)                                 all that follows, in a machine of its own
    expect_every_opcode(t, n, cable, facts, data)       by both conventions, opening and closing what there is again and again;
                                                        facts: PCI vendor, device; data: what the TFTP server has as DATA
    expect_restart(n, path), expect_end(n)              RESTART_TFTP with the program itself; UNDI and base code are given back
    frames_of(n)                                        an ARP request by UNDI_TRANSMIT, its answer by UNDI_ISR
"""
import os
import socket
import struct
import time

import medium
import nbp
import network
import optionrom
import pcap
from machine import Failed
from nbp import (BUFFER, CLEANUP, CLEAR_STATISTICS, CLOSE, DIAGNOSE, FORCE_INTERRUPT, GET_CACHED, GET_GROUP, GET_IFACE, GET_INFO,
                 GET_NIC_TYPE, GET_STATISTICS, INITIALIZE, ISR, MODE_SWITCH, OPEN, RESET, RESTART_DHCP, RESTART_TFTP, SET_FILTER,
                 SET_GROUPS, SET_STATION, SHUTDOWN, STARTUP, START_BASE, START_UNDI, STOP_BASE, STOP_UNDI, TFTP_CLOSE,
                 TFTP_GET_SIZE, TFTP_OPEN, TFTP_READ, TFTP_READ_FILE, TFTP_READ_FILE_PMODE, TRANSMIT, UDP_CLOSE, UDP_OPEN,
                 UDP_READ, UDP_WRITE, UNLOAD_STACK, far)

DATA, PROGRAM = "nbp.data", "nbp.0"
DATA_BYTES = 5 * 1456 + 632
PORT, FIRST_PORT = 7000, 2069
HIGH = 32 << 20                             # far from what anybody has above 1 MiB
DISCOVER, ACK, REPLY, PACKET_BYTES = 1, 2, 3, 1260
DONE, SENT, RECEIVED = 0, 2, 3
HEARS = struct.pack("<HH", 0, 3)            # UNDI_OPEN: what is for it, and broadcasts
ANSWER_S = 5                                # QEMU's e1000 is deaf for a second after each write of RCTL (docs/pxe-notes.md)
FLUSH_S = 1                                 # the frame switch writes its pcap out every 0.2 s
UNDEFINED = (0x16, 0x1F, 0x26, 0x34, 0x77, 0xE6, 0xFFFF)


def ip(text=network.HERE):
    return socket.inet_aton(text)


def name(text):
    return text.encode().ljust(128, b"\0")


def mac_of(cable):
    return bytes((0x52, 0x54, 0, 0x99, 0, cable.number + 1))


class Peer:
    """Who is at the other end of UDP_WRITE."""
    def __init__(self, t):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((network.HERE, PORT))
        self.socket.settimeout(5)
        t.running.append(self)

    def hear(self):
        try:
            return self.socket.recvfrom(2048)
        except TimeoutError:
            raise Failed("nothing comes of UDP_WRITE within 5 s") from None

    def stop(self):
        self.socket.close()


def expect_all(t, card, **how):
    """A machine starts the program by the ROM of card(cable), which answers all of it, and goes on with its next device.
    The program, for what it noted."""
    data = os.urandom(DATA_BYTES)
    path = nbp.make(t.folder)
    with open(t.folder + "/" + DATA, "wb") as f:
        f.write(data)
    cable = t.cable()
    t.dnsmasq(boot_file=PROGRAM, files=[path, t.folder + "/" + DATA])
    word, disk = medium.next_device(t)
    m = nbp.machine(t, [card(cable)], disk)
    n = nbp.Nbp(t, m, path, **how)
    expect_every_opcode(t, n, cable, optionrom.IDS["e1000"], data)
    expect_restart(n, PROGRAM)
    expect_end(n)
    n.leave()
    m.wait_for(r"next: " + word, 30)
    return n


def is_on_the_wire(ack, cable):
    """Whether the server sent an ACK of that number, with those addresses, to that card. The pcap may be FLUSH_S behind."""
    def of(packet):
        return packet[4:8] + packet[16:24] + packet[28:44]

    until = time.time() + FLUSH_S
    while True:
        for p in pcap.Pcap(cable.pcap):
            if p.target_port == 68 and (pcap.dhcp_of(p) or {}).get(53) == b"\5" and of(p.payload) == of(ack):
                return True
        if time.time() > until:
            return False
        time.sleep(0.1)


def cached(n, cable):
    """Each packet, copied and pointed at. The ACK is one that was on the wire, whatever its field of the file has now."""
    packets = {}
    for kind in (DISCOVER, ACK, REPLY):
        a = n.ok(GET_CACHED, struct.pack("<HHIH", kind, 0, 0, 0xbeef))
        _, size, pointer, limit = a.fields("HHIH")
        at = (pointer >> 16) * 16 + (pointer & 0xffff)
        n.judge(limit == 0xbeef, "BufferLimit was written, %04x" % limit)
        n.judge(300 <= size <= PACKET_BYTES and at >= n.free(), "packet %d: %d bytes at %05x" % (kind, size, at))
        packets[kind] = n.peek(at, size)
        a = n.ok(GET_CACHED, struct.pack("<HH", kind, PACKET_BYTES) + far(BUFFER), [(BUFFER, PACKET_BYTES)])
        size = a.fields("HH")[1]
        n.judge(n.peek(BUFFER, size) == packets[kind][:size], "packet %d is another when it is copied" % kind)
        n.judge(packets[kind][28:34] == mac_of(cable), "packet %d is about another card" % kind)
    n.judge(packets[DISCOVER][0] == 1 and packets[ACK][0] == packets[REPLY][0] == 2, "they are not request and replies")
    n.refused(GET_CACHED, struct.pack("<HHI", 4, 0, 0), 0x03)
    n.judge(is_on_the_wire(packets[ACK], cable),
            "the cached ACK has number, addresses or card of none that was on the wire")
    return packets


def told(n, cable, facts):
    """What the card is, and what cannot be asked of it."""
    base, irq, mtu, kind, length, mac, permanent, _, rx, tx = n.ok(GET_INFO).fields("HHHHH16s16sHHH")
    n.judge((mtu, kind, length) == (1500, 1, 6) and mac[:6] == permanent[:6] == mac_of(cable) and rx and tx,
               "GET_INFORMATION: MTU %d, type %d, addresses %s %s, base %x, interrupt %d" % (
                   mtu, kind, mac.hex(), permanent.hex(), base, irq))
    bus, vendor, device, high, low = n.ok(GET_NIC_TYPE).fields("BHHBB")
    n.judge((bus, "%04x:%04x" % (vendor, device), high, low) == (2, facts, 2, 0),
               "GET_NIC_TYPE: bus %d, %04x:%04x, class %02x%02x" % (bus, vendor, device, high, low))
    kind, _, services = n.ok(GET_IFACE).fields("16sII")
    n.judge(kind.rstrip(b"\0") == b"DIX+802.3" and services & 1, "GET_IFACE_INFO: %s, %x" % (kind, services))
    group = n.ok(GET_GROUP, ip("239.129.2.3")).fields("4s6s")[1]
    n.judge(group.hex() == "01005e010203", "the group has the address %s" % group.hex())
    n.ok(CLEAR_STATISTICS)
    n.judge(n.ok(GET_STATISTICS).fields("IIII") == (0, 0, 0, 0), "statistics are not clear")
    for opcode in (DIAGNOSE, FORCE_INTERRUPT, RESTART_DHCP, MODE_SWITCH, TFTP_READ_FILE_PMODE) + UNDEFINED:
        n.refused(opcode, b"", 0x03)


def udp(n, peer):
    """A datagram there and one back; opened and closed twice. UNDI may be closed."""
    n.refused(UDP_CLOSE, b"", 0x18)
    n.refused(UDP_READ, bytes(14) + far(BUFFER), 0x18)
    for port in (0, 0x1234):
        n.ok(UDP_OPEN, bytes(4))
        n.refused(UDP_OPEN, bytes(4), 0x19)
        n.refused(TFTP_OPEN, ip() + bytes(4) + name(DATA) + struct.pack(">H", 69) + struct.pack("<H", 512), 0x19)
        n.refused(UDP_READ, bytes(10) + struct.pack("<HH", 0x4321, 1472) + far(BUFFER), 0x01)
        text = b"nbp says %d" % n.calls
        n.poke(BUFFER, text)
        n.ok(UDP_WRITE, ip() + bytes(4) + struct.pack(">HH", port, PORT) + struct.pack("<H", len(text)) + far(BUFFER))
        seen, sender = peer.hear()
        n.judge(seen == text and sender[1] == (port or FIRST_PORT), "%s came from %s" % (seen, sender))
        back = text[::-1] * 100
        peer.socket.sendto(back, sender)
        until = time.time() + ANSWER_S
        while time.time() < until:
            wanted = bytes(10) + struct.pack(">H", sender[1]) + struct.pack("<H", 1472)
            a = n.call(UDP_READ, wanted + far(BUFFER), [(BUFFER, 1472)])
            if a.ax == 0:
                break
        source, target, ports, size = a.fields("4s4s4sH")
        n.judge((a.ax, source, target) == (0, ip(), ip(sender[0])) and ports == struct.pack(">HH", PORT, sender[1]),
                   "UDP_READ: AX %04x, from %s to %s, ports %s" % (a.ax, source.hex(), target.hex(), ports.hex()))
        n.judge(size == len(back) and n.peek(BUFFER, size) == back, "%d bytes came, not the %d sent" % (size, len(back)))
        n.ok(UDP_CLOSE)


def blocks(n, file, size, packet):
    """TFTP_OPEN with that packet size and TFTP_READ to the end; the file."""
    a = n.ok(TFTP_OPEN, ip() + bytes(4) + name(file) + struct.pack(">H", 69) + struct.pack("<H", packet))
    agreed = struct.unpack_from("<H", a.block, 138)[0]
    n.judge(agreed == packet, "the packet size is %d, %d was asked for" % (agreed, packet))
    data, number, packet = b"", 0, agreed
    while len(data) == number * packet:
        a = n.ok(TFTP_READ, struct.pack("<HH", 0, packet) + far(BUFFER), [(BUFFER, packet)])
        got, length = a.fields("HH")
        number += 1
        n.judge(got == number and length <= packet, "block %d of %d bytes after block %d" % (got, length, number - 1))
        data += n.peek(BUFFER, length)
        n.t.expect(len(data) <= size, "%d bytes came, the file has %d" % (len(data), size))
    return data


def tftp(n, data):
    """Opened, read to its end and closed with two packet sizes; sizes; whole files below and above 1 MiB."""
    size = len(data)
    n.refused(TFTP_CLOSE, b"", 0x1A)
    n.refused(TFTP_READ, struct.pack("<HH", 0, 512) + far(BUFFER), 0x1A)
    for packet in (512, 1456):
        n.judge(blocks(n, DATA, size, packet) == data, "the blocks of %d bytes are not the file" % packet)
        n.refused(UDP_OPEN, bytes(4), 0x1B)
        n.ok(TFTP_CLOSE)
    missing = ip() + bytes(4) + name("no.such") + struct.pack(">H", 69) + struct.pack("<H", 512)
    n.refused(TFTP_OPEN, missing, 0x3B)
    n.call(TFTP_CLOSE, b"")                         # some leave it open: whoever reads on is told so, 1Ah here
    told_size = n.ok(TFTP_GET_SIZE, ip() + bytes(4) + name(DATA)).fields("136sI")[1]
    n.judge(told_size == size, "GET_FSIZE says %d bytes, not %d" % (told_size, size))
    n.refused(TFTP_GET_SIZE, ip() + bytes(4) + name("no.such"), 0x3B)
    for at in (BUFFER + 13, HIGH + 13):
        a = n.ok(TFTP_READ_FILE, name(DATA) + struct.pack("<II", size + 100, at) + ip() + bytes(16), [(at, size)])
        length = a.fields("128sI")[1]
        n.judge(length == size and n.peek(at, size) == data, "READ_FILE to %x brought %d bytes, not the file" % (at, length))
    a = n.call(TFTP_READ_FILE, name(DATA) + struct.pack("<II", size - 1, BUFFER) + ip() + bytes(16), [(BUFFER, size - 1)])
    n.judge((a.ax, a.status) == (1, 0x3A), "READ_FILE into too small a buffer: AX %04x, Status %02x" % (a.ax, a.status))


def arp_request(n, cable, own_header):
    ours = ip(n.address)
    arp = struct.pack(">HHBBH", 1, 0x800, 6, 4, 1) + mac_of(cable) + ours + bytes(6) + ip()
    return (b"\xff" * 6 + mac_of(cable) + b"\x08\x06" + arp).ljust(60, b"\0") if own_header else arp


def frames(n, cable):
    """UNDI_TRANSMIT with and without our own header, as immediate data and in pieces; UNDI_ISR brings the end and the answer."""
    for own_header, pieces in ((True, False), (False, False), (True, True)):
        frame, at = arp_request(n, cable, own_header), BUFFER + 0x1000
        n.poke(at, frame)
        first = 20 if pieces else len(frame)
        rest = struct.pack("<BBH", 1, 0, len(frame) - first) + far(at + first)
        n.poke(BUFFER, (struct.pack("<H", first) + far(at) + struct.pack("<H", int(pieces)) + rest).ljust(72, b"\0"))
        n.poke(BUFFER + 0x100, b"\xff" * 6)
        n.ok(TRANSMIT, struct.pack("<BB", 0 if own_header else 2, 0) + far(BUFFER + 0x100) + far(BUFFER) + bytes(8))
        sent, answer = arp_answer(n)
        n.judge(sent, "no end of the frame sent is told")
        n.judge(answer, "no answer to ARP came by UNDI_ISR")
        n.judge(answer[0:6] == mac_of(cable) and answer[28:32] == ip(), "the answer is %s" % answer.hex())


def arp_answer(n):
    """As a driver without interrupts does it: START, PROCESS, GET_NEXT until DONE, for ANSWER_S."""
    sent, frame, until = False, b"", time.time() + ANSWER_S
    while time.time() < until:
        n.call(ISR, struct.pack("<H", 1))
        function = 2
        while True:
            what, size, whole, header, off, segment, protocol, kind = n.ok(ISR, struct.pack("<H", function)).fields("HHHHHHBB")
            function = 3
            if what == SENT:
                sent = True
            elif what == RECEIVED:
                frame += n.peek(segment * 16 + off, size)
                if len(frame) >= whole:
                    if frame[12:14] == b"\x08\x06" and frame[20:22] == b"\0\2":
                        n.judge((header, protocol, kind) == (14, 2, 0), "an ARP answer has header %d, protocol %d, kind %d" % (
                            header, protocol, kind))
                        return sent, frame
                    frame = b""
            else:
                break
    return sent, None


def states(n, cable):
    """UNDI closed, down and up again; what needs more is refused meanwhile."""
    send = struct.pack("<BB", 0, 0) + far(BUFFER + 0x100) + far(BUFFER)
    n.ok(RESET)
    n.ok(SET_GROUPS, struct.pack("<H", 1) + bytes.fromhex("01005e010203"))
    n.ok(SET_FILTER, b"\3")
    n.ok(CLOSE)
    n.refused(TRANSMIT, send, 0x6A)
    n.ok(OPEN, HEARS)
    frames(n, cable)
    n.ok(CLOSE)
    n.ok(SHUTDOWN)
    n.refused(OPEN, HEARS, 0x6A)
    n.ok(SET_STATION, mac_of(cable))
    n.ok(CLEANUP)
    n.refused(INITIALIZE, b"", 0x6A)
    n.ok(STARTUP)
    n.ok(INITIALIZE)
    n.ok(OPEN, HEARS)
    frames(n, cable)
    n.ok(CLOSE)


def base(n, peer):
    """The base code stopped, and started again."""
    n.ok(STOP_BASE)
    n.refused(UDP_OPEN, bytes(4), 0x03)
    n.refused(TFTP_GET_SIZE, ip() + bytes(4) + name(DATA), 0x03)
    n.judge(n.call(START_BASE, b"").ax == 0, "START_BASE fails")
    udp(n, peer)


def with_a20_closed(n):
    """A call works, and leaves it closed; also where the BIOS can do neither, but there iPXE's ROM waits for ever."""
    for refused in (False, True) if n.others is None else (False,):
        n.refuse_a20(refused)
        was = n.a20(False)
        n.ok(GET_INFO)
        n.judge(not n.a20(was), "A20 was closed before the call, and is open")
    n.refuse_a20(False)


def with_a_table_of_its_own(n):
    """A program that goes into protected mode itself finds its GDTR as it was."""
    mine = (0x27, BUFFER + 0x1230)
    n.gdtr(*mine)
    n.ok(GET_INFO)
    n.judge(n.gdtr() == mine, "GDTR is another after a call")


def expect_every_opcode(t, n, cable, facts, data):
    peer = Peer(t)
    n.find()
    for n.through in ("!PXE", "PXENV+"):
        packets = cached(n, cable)
        n.address = socket.inet_ntoa(packets[ACK][16:20])
        told(n, cable, facts)
        udp(n, peer)
        tftp(n, data)
        if n.through == "PXENV+":               # the first time it is open without that
            n.ok(OPEN, HEARS)
        frames(n, cable)
        states(n, cable)
        base(n, peer)
        with_a20_closed(n)
        with_a_table_of_its_own(n)
    place = struct.unpack_from("<H", n.ok(GET_NIC_TYPE).block, 9)[0]
    n.ok(START_UNDI, struct.pack("<HHHHH", place, 0xffff, 0xffff, 0, 0))
    t.token()


def expect_restart(n, file):
    """The program is replaced by itself, which finds A20 as the first did, and the API is still there."""
    was = n.a20(False)
    n.jump(RESTART_TFTP, name(file) + struct.pack("<II", 0, 0) + ip() + bytes(16))
    n.judge(n.a20(was) == was, "a program that RESTART_TFTP starts finds A20 closed")
    n.find()
    n.through = "PXENV+"
    n.ok(GET_INFO)
    n.t.token()


def expect_end(n):
    """Everything is given back, as pxelinux does it; what comes afterwards is refused."""
    n.ok(SHUTDOWN)
    n.ok(CLEANUP)
    n.ok(STOP_BASE)
    n.ok(UNLOAD_STACK)
    n.refused(UDP_OPEN, bytes(4), 0x03)
    n.refused(START_BASE, b"", 0x03)
    n.ok(STOP_UNDI)
    n.t.token()
