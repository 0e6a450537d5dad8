# SPDX-License-Identifier: BSD-2-Clause-Patent
"""QEMU's monitor: the machine seen, and changed, from outside. Each machine has one, in its folder.

    m.monitor.ask("info registers")         what it answers
    m.monitor.memory(at, size)              bytes of physical memory
"""
import os
import socket

PROMPT = "(qemu) "


class Monitor:
    def __init__(self, folder):
        self.folder = folder

    def ask(self, command):
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(10)
            s.connect(self.folder + "/monitor")
            text = ""
            while PROMPT not in text:
                text += s.recv(4096).decode()
            s.sendall(command.encode() + b"\n")
            while text.count(PROMPT) < 2:
                text += s.recv(4096).decode()
        return text.split(PROMPT)[1]

    def memory(self, at, size):
        path = os.path.abspath(self.folder + "/memory")
        self.ask('pmemsave 0x%x 0x%x "%s"' % (at, size, path))
        with open(path, "rb") as f:
            data = f.read()
        os.unlink(path)
        return data
