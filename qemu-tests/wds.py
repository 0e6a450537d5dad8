# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The boot server of Windows Deployment Services as a client sees it, from one trace of 2012.

    w = Wds(t)                          on port 4011, in a thread: it answers each request with FILE, in 1024 bytes
    w.asked                             the requests it had
    t.dnsmasq(boot_file=None, more=FOR_WDS)     the DHCP server beside it: an address, and option 60
    place(t, path)                      this file is FILE, for TFTP
"""
import os
import shutil
import socket
import struct
import threading

import network
from dhcpscript import ACK, COOKIE, REQUEST, options_of

PORT, BYTES = 4011, 1024
FILE = "boot\\x86\\wdsnbp.com"
FOR_WDS = ["--dhcp-option-force=60,PXEClient"]


def place(t, path):
    folder = t.folder + "/tftp/boot/x86"
    os.makedirs(folder)
    shutil.copy(path, folder + "/wdsnbp.com")


class Wds:
    def __init__(self, t):
        self.asked, self.ends = [], False
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((network.HERE, PORT))
        self.socket.settimeout(0.2)
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()
        t.running.append(self)

    def serve(self):
        while not self.ends:
            try:
                packet, sender = self.socket.recvfrom(2048)
            except socket.timeout:
                continue
            options = options_of(packet) if packet[236:240] == COOKIE else {}
            if packet[0] == 1 and options.get(53) == bytes([REQUEST]) and options.get(60, b"").startswith(b"PXEClient"):
                self.asked.append(packet)
                self.socket.sendto(self.answer(packet, options), sender)

    def answer(self, packet, asked):
        here = socket.inet_aton(network.HERE)
        options = [(53, bytes([ACK])), (54, here), (60, b"PXEClient")] + [(97, asked[97])] * (97 in asked)
        head = b"\2" + packet[1:3] + b"\0" + packet[4:8] + bytes(4) + packet[12:16] + bytes(4) + here + bytes(4) + packet[28:44]
        text = b"".join(struct.pack("BB", number, len(value)) + value for number, value in options) + b"\xff"
        return (head + bytes(64) + FILE.encode().ljust(128, b"\0") + COOKIE + text).ljust(BYTES, b"\0")

    def stop(self):
        if not self.ends:
            self.ends = True
            self.thread.join()
            self.socket.close()
