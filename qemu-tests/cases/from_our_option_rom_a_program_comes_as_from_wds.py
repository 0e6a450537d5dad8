# SPDX-License-Identifier: BSD-2-Clause-Patent
"""A trace of Windows Deployment Services, frame by frame: the DHCP server says only that it is one for PXE clients, so port 4011
is asked; the ACK of 1066 bytes names boot\\x86\\wdsnbp.com. That finds the ACK in the API, asks for its size, which is ended by
an ERROR, and reads 31124 bytes by 1456; through both conventions."""
import nbp
import nbpcalls
import optionrom
import pcap
import wds

LIMIT = 120
BLOCK, UDP_HEADS, REQUEST = 1456, 42, 1


def options(code, text):
    """{name: value} of an OACK; of a request, too, whose file and mode are in front."""
    words = text.split(b"\0")
    file, words = (words[0], words[2:]) if code == REQUEST else (None, words)
    return dict(zip(words[::2], words[1::2]), file=file)


def tftp_frames(cable, after):
    """What TFTP said since, in the order of the wire: (opcode, options or number, bytes of the frame)."""
    ports = {69}
    for when, frame in pcap.Pcap(cable.pcap).frames():
        packet = pcap.udp_of(when, frame)
        if packet and packet.target_port == 69:
            ports.add(packet.source_port)
        if packet and when > after and ports & {packet.source_port, packet.target_port}:
            code, number = packet.payload[1], int.from_bytes(packet.payload[2:4], "big")
            yield code, number if code in (3, 4, 5) else options(code, packet.payload[2:]), len(packet.payload) + UDP_HEADS


def expect_frames(t, cable, after):
    words, file = list(tftp_frames(cable, after)), wds.FILE.encode()
    for through in ("!PXE", "PXENV+"):
        codes = [code for code, _, _ in words[:6]]
        t.expect(codes == [1, 6, 5, 1, 6, 4], "TFTP says %s by %s, not request, options, ERROR, request, options, ACK" % (
            codes, through))
        size, granted, error, request, agreed, ack = [w for _, w, _ in words[:6]]
        t.expect((size["file"], size.get(b"tsize"), granted.get(b"tsize"), error) == (file, b"0", b"%d" % nbp.BYTES, 0),
                 "the size is asked for by %s, granted by %s, ended by ERROR %d" % (size, granted, error))
        t.expect((request["file"], request.get(b"blksize"), request.get(b"windowsize"), agreed.get(b"blksize"), ack) ==
                 (file, b"%d" % BLOCK, None, b"%d" % BLOCK, 0), "the file is asked for by %s, granted by %s, begun by ACK %d" % (
                     request, agreed, ack))
        words = words[6:]
        for block in range(1, nbp.BYTES // BLOCK + 2):
            (data, ack), words = words[:2], words[2:]
            size = BLOCK if block <= nbp.BYTES // BLOCK else nbp.BYTES % BLOCK
            t.expect(data == (3, block, size + 4 + UDP_HEADS) and ack[:2] == (4, block), "block %d by %s: %s, then %s" % (
                block, through, data, ack))
    t.expect(not words, "then TFTP goes on with %s" % words)


def run(t):
    path = nbp.make(t.folder)
    wds.place(t, path)
    server = wds.Wds(t)
    cable = t.cable()
    t.dnsmasq(boot_file=None, more=wds.FOR_WDS)
    m = nbp.machine(t, [optionrom.card(t, cable, "virtio-net-pci")])
    n = nbp.Nbp(t, m, path)
    t.expect(server.asked, "nobody asked on port 4011")
    answers = [len(p.payload) + UDP_HEADS for p in pcap.Pcap(cable.pcap) if p.source_port == wds.PORT]
    t.expect(answers and set(answers) == {1066}, "the frames from port 4011 have %s bytes" % answers)
    after = max(p.time for p in pcap.Pcap(cable.pcap))
    n.find()
    for n.through in ("!PXE", "PXENV+"):
        packet = nbpcalls.cached(n, cable)[nbpcalls.REPLY]
        t.expect(packet[108:236].rstrip(b"\0") == wds.FILE.encode() and len(packet) >= wds.BYTES,
                 "the reply in the API has %d bytes and names %s" % (len(packet), packet[108:236].rstrip(b"\0")))
        size = n.ok(nbp.TFTP_GET_SIZE, nbpcalls.ip() + bytes(4) + nbpcalls.name(wds.FILE)).fields("136sI")[1]
        data = nbpcalls.blocks(n, wds.FILE, size, BLOCK)
        t.expect(data == n.program, "%d bytes came, not the program's" % len(data))
        n.ok(nbp.TFTP_CLOSE)
    cable.stop()
    expect_frames(t, cable, after)
    t.token()
