# SPDX-License-Identifier: BSD-2-Clause-Patent
"""QEMU's monitor: the machine seen from outside.

    m = t.machine(more=monitor.words(t.folder))
    monitor.ask(t.folder, "info registers")             what it answers
    monitor.memory(t.folder, at, size)                  bytes of physical memory
"""
import os
import socket

PROMPT = "(qemu) "


def words(folder):
    return ["-monitor", "unix:%s/monitor,server=on,wait=off" % folder]


def ask(folder, command):
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(10)
        s.connect(folder + "/monitor")
        text = ""
        while PROMPT not in text:
            text += s.recv(4096).decode()
        s.sendall(command.encode() + b"\n")
        while text.count(PROMPT) < 2:
            text += s.recv(4096).decode()
    return text.split(PROMPT)[1]


def memory(folder, at, size):
    path = os.path.abspath(folder + "/memory")
    ask(folder, 'pmemsave 0x%x 0x%x "%s"' % (at, size, path))
    with open(path, "rb") as f:
        data = f.read()
    os.unlink(path)
    return data
