# SPDX-License-Identifier: BSD-2-Clause-Patent
"""A DHCP server of our own, for what no daemon does when it is told to: leases of seconds, and addresses that are taken back.

    s = DhcpScript(t, "rill://10.99.0.1/grub", lease=16)        beside it dnsmasq serves TFTP; there is one machine
    s.take_back()                       from now on it answers every REQUEST with a NAK, and no DISCOVER
    s.give_back()                       it is as before
    s.asked, s.given, s.refused         when it had a REQUEST for more time, and said ACK, or NAK
"""
import os
import shutil
import socket
import struct
import threading
import time

import network
from machine import start, stop

ADDRESS, MASK = "10.99.0.60", "255.255.255.0"
DISCOVER, OFFER, REQUEST, ACK, NAK = 1, 2, 3, 5, 6
COOKIE = b"\x63\x82\x53\x63"
SO_BINDTODEVICE = 25


def options_of(packet):
    options, at = {}, 240
    while at + 1 < len(packet) and packet[at] != 255:
        if packet[at] == 0:
            at += 1
            continue
        options[packet[at]] = packet[at + 2:at + 2 + packet[at + 1]]
        at += 2 + packet[at + 1]
    return options


class DhcpScript:
    def __init__(self, t, root_path, lease, t1=None, t2=None):
        self.root_path, self.lease = root_path, lease
        self.t1, self.t2 = t1 or lease // 2, t2 or lease * 7 // 8
        self.asked, self.given, self.refused, self.refuses = [], [], [], False
        self.ends = False
        self.daemon = self.files(t.folder)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        self.socket.setsockopt(socket.SOL_SOCKET, SO_BINDTODEVICE, b"br0\0")
        self.socket.bind(("", 67))
        self.socket.settimeout(0.2)
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()
        t.running.append(self)

    def files(self, folder):
        """TFTP, and the router advertisements that a stock PXE ROM waits for."""
        directory, log = os.path.abspath(folder + "/tftp"), folder + "/dnsmasq.log"
        os.makedirs(directory)
        for name in ("rill.kpxe", "rill.efi"):
            shutil.copy("%s/%s" % (network.OUT, name), directory)
        process = start(["dnsmasq", "--no-daemon", "--conf-file=/dev/null", "--port=0", "--interface=br0", "--bind-interfaces",
                         "--pid-file=", "--dhcp-leasefile=" + folder + "/leases", "--dhcp-range=fd99::,ra-only", "--enable-ra",
                         "--enable-tftp", "--tftp-root=" + directory], log)
        network.wait_for_port(69, "dnsmasq", process, log)
        return process

    def serve(self):
        while not self.ends:
            try:
                packet = self.socket.recv(2048)
            except socket.timeout:
                continue
            if len(packet) > 240 and packet[0] == 1 and packet[236:240] == COOKIE:
                self.answer(packet, options_of(packet))

    def answer(self, packet, asked):
        kind, has = asked.get(53, b"\0")[0], packet[12:16]
        renews = has != bytes(4)
        wants = has if renews else asked.get(50, bytes(4))
        if kind == DISCOVER and not self.refuses:
            self.say(OFFER, packet, asked)
        if kind != REQUEST:
            return
        if renews:
            self.asked.append(time.time())
        if self.refuses or wants != socket.inet_aton(ADDRESS):
            self.refused.append(time.time())
            self.say(NAK, packet, asked)
        else:
            self.given.append(time.time())
            self.say(ACK, packet, asked)

    def say(self, kind, packet, asked):
        """To the address that the machine has, else to everybody; a NAK always to everybody (RFC 2131 4.3.2)."""
        here, efi = socket.inet_aton(network.HERE), asked.get(93, b"\0\0") != b"\0\0"
        options = [(53, bytes([kind])), (54, here)]
        if kind != NAK:
            options += [(1, socket.inet_aton(MASK)), (51, struct.pack(">I", self.lease)), (58, struct.pack(">I", self.t1)),
                        (59, struct.pack(">I", self.t2)), (17, self.root_path.encode()),
                        (67, b"rill.efi" if efi else b"rill.kpxe")]
        yours = bytes(4) if kind == NAK else socket.inet_aton(ADDRESS)
        has = packet[12:16]
        head = b"\2" + packet[1:3] + b"\0" + packet[4:8] + bytes(2) + packet[10:12] + (bytes(4) if kind == NAK else has)
        answer = head + yours + (bytes(4) if kind == NAK else here) + packet[24:44] + bytes(192) + COOKIE
        answer += b"".join(bytes([number, len(value)]) + value for number, value in options) + b"\xff"
        to = socket.inet_ntoa(has) if has != bytes(4) and kind != NAK else "255.255.255.255"
        self.socket.sendto(answer.ljust(300, b"\0"), (to, 68))

    def take_back(self):
        self.refuses = True

    def give_back(self):
        self.refuses = False

    def stop(self):
        if not self.ends:
            self.ends = True
            self.thread.join()
            self.socket.close()
            stop(self.daemon)
