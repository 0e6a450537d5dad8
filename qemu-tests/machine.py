# SPDX-License-Identifier: BSD-2-Clause-Patent
"""A QEMU machine without any disk, its serial port in our hands.

    m = Machine(folder, cards)      starts it, with these words for its network cards (keep: file descriptors they name);
                                    serial.log, qemu.log, command.txt, bios.log and more go to folder
    Machine(..., firmware="efi")    with UEFI (FIRMWARES below); its variables are a fresh copy, so that no boot knows of another;
                                    with Secure Boot it trusts this certificate, too: trusts=DER; and it has one more:
                                    variable=(vendor, name, file)
    m.wait_for("login:", 60)        until this text comes; Failed if it does not, or if the machine ends
    m.send("root\\n")
    m.link("net0", False)           pulls the cable of this netdev; True puts it back
    m.monitor                       QEMU's monitor (monitor.py)
    m.wait_end(30)                  until the machine has switched itself off
    m.stop()

What the serial port said is in text, free of what only a terminal understands; serial.log has it as it came.

p = Program(folder, words, log) is the same for a program of ours. Also here: Failed, and start(), which starts a process
that dies with us.
"""
import codecs
import ctypes
import fcntl
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import time

import efivars
from monitor import Monitor

os.environ["PATH"] += ":/usr/sbin:/sbin"           # where Debian keeps ip and dnsmasq, out of a user's sight
UUID = "72696c6c-0000-4000-8000-000000000001"
PR_SET_PDEATHSIG, F_SETPIPE_SZ = 1, 1031
LIBC = ctypes.CDLL(None, use_errno=True)

# QEMU's chip set, and for UEFI the flash: Debian's OVMF, and the variables that a new machine has. Those of efi-secure have
# Microsoft's keys, and Secure Boot is on; only code in system management mode may then change them.
OVMF = "/usr/share/OVMF/OVMF_"
FIRMWARES = {
    "bios": ("pc", None, None),
    "efi": ("q35", OVMF + "CODE_4M.fd", OVMF + "VARS_4M.fd"),
    "efi-secure": ("q35,smm=on", OVMF + "CODE_4M.secboot.fd", OVMF + "VARS_4M.ms.fd"),
}


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
    return re.sub(r"\x1b\[[0-9;?=]*[A-Za-z]|\x1b[=>()][0B]?|[\r\0\a]", "", text)


class Plain:
    """plain() of a text that comes in pieces: an escape sequence or a letter may be cut anywhere."""
    def __init__(self):
        self.decoder, self.rest = codecs.getincrementaldecoder("utf-8")(errors="replace"), ""

    def more(self, data):
        text = self.rest + self.decoder.decode(data)
        self.rest = re.search(r"(\x1b(\[[0-9;?=]{0,16})?)?$", text).group()
        return plain(text[:len(text) - len(self.rest)])


def flash(folder, firmware, trusts, variable):
    """The machine's words for its chip set and its firmware."""
    chips, code, variables = FIRMWARES[firmware]
    words = ["-machine", chips]
    if code:
        for needed in (code, variables):
            if not os.path.exists(needed):
                raise Failed("there is no %s for a machine with UEFI; make deps installs the package ovmf" % needed)
        shutil.copy(variables, folder + "/variables.fd")
        if trusts:
            efivars.trust(folder + "/variables.fd", trusts)
        if variable:
            efivars.add(folder + "/variables.fd", *variable)
        words += ["-drive", "if=pflash,format=raw,unit=0,readonly=on,file=" + code,
                  "-drive", "if=pflash,format=raw,unit=1,file=%s/variables.fd" % folder,
                  # Nobody here boots by IPv6, and OVMF gives it up only after half a minute.
                  "-fw_cfg", "name=opt/org.tianocore/IPv6PXESupport,string=n"]
    if "smm=on" in chips:
        words += ["-global", "driver=cfi.pflash01,property=secure,value=on"]
    return words


def command(folder, cards, memory_mib, more, firmware="bios", trusts=None, variable=None):
    words = ["qemu-system-x86_64", "-accel", "tcg"] + flash(folder, firmware, trusts, variable) + [
             "-m", str(memory_mib), "-nodefaults", "-no-user-config", "-vga", "std", "-display", "none", "-uuid", UUID,
             "-chardev", "pipe,id=serial,path=%s/serial" % folder, "-serial", "chardev:serial",
             "-monitor", "unix:%s/monitor,server=on,wait=off" % folder,
             "-chardev", "file,id=bios,path=%s/bios.log" % folder, "-device", "isa-debugcon,iobase=0x402,chardev=bios"]
    return words + list(cards) + list(more)


class Talk:
    """A process with whom we talk: what it says is in text; its heirs know how to read and to send."""
    def __init__(self, folder, name):
        self.folder, self.name = folder, name
        self.text, self.seen = "", 0            # what it said, and how much of that wait_for has used up
        self.plain = Plain()
        self.ended = False
        self.started = time.time()

    def age(self):
        return time.time() - self.started

    def pump(self, seconds):
        """Takes what it says within this time, at least once; returns it as bytes."""
        data = self.read(seconds)
        self.text += self.plain.more(data)
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


class Program(Talk):
    """A program of ours whose standard input and output we hold."""
    def __init__(self, folder, words, log, keep=()):
        super().__init__(folder, os.path.basename(words[0]))
        self.log = open("%s/%s" % (folder, log), "wb")
        self.socket, theirs = socket.socketpair()
        self.process = subprocess.Popen(words, stdin=theirs, stdout=theirs, stderr=theirs, preexec_fn=die_with_parent,
                                        pass_fds=keep)
        theirs.close()

    def read(self, seconds):
        ready, _, _ = select.select([self.socket], [], [], max(seconds, 0))
        try:
            data = self.socket.recv(65536) if ready else b""
        except ConnectionResetError:
            data = b""
        self.ended = bool(ready) and not data
        self.log.write(data)
        self.log.flush()
        return data

    def send(self, text):
        self.socket.sendall(text.encode())

    def stop(self):
        stop(self.process)
        self.socket.close()
        self.log.close()


class Machine(Talk):
    """QEMU; we talk with its serial port."""
    def __init__(self, folder, cards, memory_mib=512, more=(), keep=(), firmware="bios", trusts=None, variable=None):
        super().__init__(folder, "the machine")
        self.words = self.command(folder, cards, memory_mib, more, firmware, trusts, variable)
        with open(folder + "/command.txt", "w") as f:
            f.write(" ".join(self.words) + "\n")
        self.log = open(folder + "/serial.log", "wb")
        self.pipes, self.paths = [], ["%s/serial.%s" % (folder, end) for end in ("in", "out")]
        for path in self.paths:
            os.mkfifo(path)
            self.pipes.append(os.open(path, os.O_RDWR | os.O_NONBLOCK))
        # QEMU throws away what is not taken at once, and a kernel says much in its first moment.
        fcntl.fcntl(self.pipes[1], F_SETPIPE_SZ, 1 << 20)
        self.process = start(self.words, folder + "/qemu.log", pass_fds=keep)
        self.monitor = Monitor(folder)

    def command(self, *how):
        return command(*how)

    def read(self, seconds):
        over = self.process.poll() is not None
        ready, _, _ = select.select([self.pipes[1]], [], [], 0 if over else max(seconds, 0))
        data = os.read(self.pipes[1], 65536) if ready else b""
        self.ended = over and not data
        self.log.write(data)
        self.log.flush()
        return data

    def send(self, text):
        os.write(self.pipes[0], text if isinstance(text, bytes) else text.encode())

    def link(self, netdev, up):
        """Puts in or pulls a cable."""
        self.monitor.ask("set_link %s %s" % (netdev, "on" if up else "off"))

    def stop(self):
        stop(self.process)
        self.log.close()
        for pipe, path in zip(self.pipes, self.paths):
            os.close(pipe)
            os.unlink(path)
        self.pipes = []                         # a case may stop a machine before everything is stopped
