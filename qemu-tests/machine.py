# SPDX-License-Identifier: BSD-2-Clause-Patent
"""A QEMU machine without any disk, its serial port in our hands.

    m = Machine(folder, cards)      starts it, with these words for its network cards (keep: file descriptors they name);
                                    serial.log, qemu.log, command.txt, bios.log and more go to folder
    m.wait_for("login:", 60)        until this text comes; Failed if it does not, or if the machine ends
    m.send("root\\n")
    m.wait_end(30)                  until the machine has switched itself off
    m.stop()

p = Program(folder, words, log) is the same for a program of ours. Also here: Failed, and start(), which starts a process
that dies with us.
"""
import ctypes
import os
import re
import select
import signal
import socket
import subprocess
import time

os.environ["PATH"] += ":/usr/sbin:/sbin"           # where Debian keeps ip and dnsmasq, out of a user's sight
UUID = "72696c6c-0000-4000-8000-000000000001"
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)


class Failed(Exception):
    """What was expected did not come; the text says what, and what was seen instead."""


def die_with_parent():
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def start(words, log, **more):
    """A child process that cannot outlive us, whatever ends us. Its words go to the file log."""
    with open(log, "ab") as out:
        return subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=more.pop("stdout", out), stderr=out,
                                preexec_fn=die_with_parent, **more)


def stop(process, seconds=5):
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
    return process.wait()


def plain(text):
    """Without what only a terminal understands."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>()][0B]?|[\r\0\a]", "", text)


def command(folder, serial, cards, memory_mib, more):
    words = ["qemu-system-x86_64", "-accel", "tcg", "-machine", "pc", "-m", str(memory_mib), "-nodefaults", "-no-user-config",
             "-vga", "std", "-display", "none", "-uuid", UUID,
             "-chardev", "socket,id=serial,fd=%d" % serial, "-serial", "chardev:serial",
             "-chardev", "file,id=bios,path=%s/bios.log" % folder, "-device", "isa-debugcon,iobase=0x402,chardev=bios"]
    return words + list(cards) + list(more)


class Talk:
    """A process with whom we talk over one socket: a machine by its serial port, rill-host by its standard input and output."""
    def __init__(self, folder, log, name):
        self.folder, self.name = folder, name
        self.text, self.seen = "", 0            # what it said, and how much of that wait_for has used up
        self.log = open("%s/%s" % (folder, log), "wb")
        self.serial, self.theirs = socket.socketpair()
        self.serial.setblocking(False)
        self.ended = False
        self.started = time.time()
        self.process = None

    def age(self):
        return time.time() - self.started

    def pump(self, seconds):
        """Takes what it says within this time, at least once; returns it as bytes."""
        ready, _, _ = select.select([self.serial], [], [], max(seconds, 0))
        if not ready:
            return b""
        try:
            data = self.serial.recv(65536)
        except (BlockingIOError, ConnectionResetError):
            data = b""
        if not data:
            self.ended = True
        self.log.write(data)
        self.log.flush()
        self.text += plain(data.decode("utf-8", errors="replace"))
        return data

    def wait_for(self, pattern, seconds):
        """Until the text matches; returns the match, and what comes before it is used up."""
        expression, until = re.compile(pattern), time.time() + seconds
        while True:
            match = expression.search(self.text, self.seen)
            if match:
                self.seen = match.end()
                return match
            if self.ended:
                raise Failed("%s ended before it said /%s/; its last words:\n%s" % (self.name, pattern, self.last_words()))
            if time.time() >= until:
                raise Failed("%s said no /%s/ within %d s; its last words:\n%s" % (
                    self.name, pattern, seconds, self.last_words()))
            self.pump(min(0.2, until - time.time()))

    def last_words(self):
        return "\n".join("    | " + line for line in self.text.splitlines()[-15:])

    def send(self, text):
        self.serial.setblocking(True)
        self.serial.sendall(text.encode())
        self.serial.setblocking(False)

    def wait_end(self, seconds, good=(0,)):
        until = time.time() + seconds
        while not self.ended and time.time() < until:
            self.pump(0.2)
        try:
            code = self.process.wait(max(until - time.time(), 1))
        except subprocess.TimeoutExpired:
            raise Failed("%s has not ended after %d s; its last words:\n%s" % (
                self.name, seconds, self.last_words())) from None
        if code not in good:
            raise Failed("%s ended with %d; its last words:\n%s" % (self.name, code, self.last_words()))
        return code

    def stop(self):
        stop(self.process)
        self.serial.close()
        self.log.close()


class Machine(Talk):
    def __init__(self, folder, cards, memory_mib=512, more=(), keep=()):
        super().__init__(folder, "serial.log", "the machine")
        self.words = command(folder, self.theirs.fileno(), cards, memory_mib, more)
        with open(folder + "/command.txt", "w") as f:
            f.write(" ".join(self.words) + "\n")
        self.process = start(self.words, folder + "/qemu.log", pass_fds=[self.theirs.fileno(), *keep])
        self.theirs.close()


class Program(Talk):
    """A program of ours whose standard input and output we hold."""
    def __init__(self, folder, words, log, keep=()):
        super().__init__(folder, log, os.path.basename(words[0]))
        self.process = subprocess.Popen(words, stdin=self.theirs, stdout=self.theirs, stderr=self.theirs,
                                        preexec_fn=die_with_parent, pass_fds=keep)
        self.theirs.close()
