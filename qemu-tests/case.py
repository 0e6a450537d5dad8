# SPDX-License-Identifier: BSD-2-Clause-Patent
"""What a case in cases/ is given: a folder, a network, a server, machines; all of it is stopped when the case is over.

A case is a file named like the sentence it proves, with one function:

    def run(t):
        t.cable(0, loss=1, seed=7)                  one card's way to the network; the pcap is card0.pcap
        t.dnsmasq(root_path="rill://10.99.0.1/debian")
        t.server({"debian": t.disk}, default="debian")
        m = t.machine()                             with a card per cable (firmware="efi": by UEFI)
        t.expect_boot(m)                            the guest's proof, the only thing that counts as booted

Nothing passes by not failing: a case that asked for no positive token is itself a failure.
"""
import difflib
import fcntl
import glob
import os
import re
import subprocess
import sys

sys.path.append("bench")
import dhcpservers
import image
import machine
import network
import pcap
from machine import Failed

IMAGE = "build/out/image"
GOLDEN = "qemu-tests/golden"


def boot_bytes():
    """Kernel and initrd together, of the image in which they are smaller: what is read is many times that."""
    sizes = []
    for path in glob.glob(IMAGE + "*/boot.bytes"):
        with open(path) as f:
            sizes.append(int(f.read()))
    return min(sizes)


def command_of(pid):
    try:
        with open("/proc/%s/cmdline" % pid) as f:
            return f.read()
    except OSError:
        return ""


def card_row(text):
    """What a card's payload said, as docs/pxe-notes.md has it: PCI id, CRCs, MB/s, reads a second, longest call, ticks."""
    told = image.lines(text)
    seq, rnd = told["seq"], told["rnd"]
    ticks, us = re.search(r"^bench ticks=(\d+) us=(\d+)", text, re.M).groups()
    longest = max(int(told[phase]["max_us"]) for phase in ("seq", "rnd", "chs"))
    return [re.search(r"^card \S+, undi ([0-9a-f:]{9})", text, re.M).group(1), "right",
            "%.1f" % (int(seq["bytes"]) / int(seq["wall_us"])), "%d" % (int(rnd["requests"]) * 1e6 / int(rnd["wall_us"])),
            "%.1f" % (longest / 1000), "%s of %d" % (ticks, round(int(us) * 18.2065e-6))]


class Case:
    def __init__(self, name, folder):
        self.name, self.folder = name, folder
        self.disk = IMAGE + "/disk.img"
        self.tokens, self.running, self.cables, self.servers = 0, [], [], []
        self.lock = None

    # --- what a case is made of

    def cable(self, number=0, **bad):
        made = network.Cable(self.folder, number, **bad)
        self.cables.append(made)
        self.running.append(made)
        return made

    def dnsmasq(self, **more):
        return self._keep(network.Dnsmasq(self.folder, **more))

    def isc(self, text, **more):
        return self._keep(dhcpservers.Isc(self.folder, text, **more))

    def kea(self, subnet, classes):
        return self._keep(dhcpservers.Kea(self.folder, subnet, classes))

    def neighbour(self, name, address, ours=None):
        """Another host, on the bridge, or behind us."""
        return self._keep(network.Host(name, address, ours))

    def http(self):
        return self._keep(network.Http(self.folder))

    def server(self, disks=None, default="debian", **more):
        disks = disks or {"debian": self.disk}
        if not self.lock and self.disk in disks.values():       # nobody changes the disk while somebody reads it
            self.lock = open(IMAGE + "/lock", "w")
            fcntl.flock(self.lock, fcntl.LOCK_SH)
        made = network.Server(self.folder, disks, default, **more)
        self.servers.append(made)
        return self._keep(made)

    def machine(self, cards=None, more=(), memory_mib=512, firmware="bios", trusts=None, variable=None):
        # OVMF drives virtio itself; QEMU's ROM would bring iPXE's driver.
        rom = "" if firmware == "bios" else ",romfile="
        cards = cards or [c.card(more=",bootindex=%d%s" % (c.number, rom)) for c in self.cables]
        keep = [c.end.fileno() for c in self.cables]
        return self._keep(machine.Machine(self.folder, sum(cards, []), memory_mib, more, keep, firmware, trusts, variable))

    def host(self, *more, card=0):
        """The whole firmware as a Linux process at the end of a cable: what needs no real machine is much quicker so."""
        end = self.cables[card].end.fileno()
        words = [network.OUT + "/rill-host", "--fd", str(end), "--mac", "52:54:00:99:00:%02x" % (card + 1), *more]
        return self._keep(machine.Program(self.folder, words, "host.log", keep=[end]))

    def _keep(self, made):
        self.running.append(made)
        return made

    def stop(self):
        for made in reversed(self.running):
            made.stop()
        self.running = []

    # --- what it can expect

    def expect(self, good, text):
        if not good:
            raise Failed(text)

    def token(self):
        """Something was seen that only success can produce."""
        self.tokens += 1

    def expect_proof(self, m, seconds=240, power_off=True, beside=()):
        """The guest has booted from the streamed disk: it knows what the host wrote into it a moment ago. Of other drives it
        may have those that are named."""
        with open(IMAGE + "/proof.sha256") as f:
            right = f.read().strip()
        seen = m.wait_for(r"rill-proof sha256 ([0-9a-f]{64})\n", seconds).group(1)
        self.expect(seen == right, "the guest read a file with hash %s instead of %s" % (seen, right))
        parts = m.wait_for(r"rill-proof partitions([^\n]*)\n", 10).group(1).split()
        self.expect("nbd0" in parts and "nbd0p3" in parts, "no nbd disk among the partitions: %s" % parts)
        self.expect(all(re.match(r"nbd\d+(p\d+)?$", p) or p in beside for p in parts), "a disk that is not ours: %s" % parts)
        m.wait_for(r"rill login:", 60)
        self.token()
        if power_off:
            m.send("root\n")
            m.wait_for(r"root@rill:~# ", 60)
            m.send("poweroff\n")
            m.wait_end(90)

    def expect_boot(self, m, card=0):
        """All of it: no drive, the proof, the login, switched off again, all read in one session over this card."""
        self.expect_no_drive(m.words)
        self.expect_proof(m)
        self.cables[card].stop()
        self.servers[-1].stop()
        self.expect_bytes_in_log(self.servers[-1].log)
        return self.expect_one_session(self.cables[card].pcap)

    def expect_run(self, nic="virtio-net-pci", firmware="bios"):
        """`make run` as it is, without a terminal, with this card and firmware: QEMU's own DHCP and TFTP, to the login prompt."""
        folder = self.folder + "/run"
        result = subprocess.run(["qemu-tests/run"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                text=True, check=False,
                                env=dict(os.environ, RUN_FOLDER=folder, LIMIT="300", NIC=nic, FW=firmware))
        print(result.stdout)
        self.expect(result.returncode == 0, "make run ended with %d" % result.returncode)
        boot_file = "rill.kpxe" if firmware == "bios" else "rill.efi"
        for step in ("TFTP of " + boot_file, "Rill: DHCP request", "login granted", "GRUB runs", "Linux", "login prompt",
                     "its hash is right"):
            self.expect(step in result.stdout, "make run did not show the step: " + step)
        with open(folder + "/command.txt") as f:
            self.expect_no_drive(f.read().split())
        self.expect_one_session(folder + "/net.pcap")
        self.expect_bytes_in_log(folder + "/rilld.log")
        left = [p for p in os.listdir("/proc") if p.isdigit() and folder in command_of(p)]
        self.expect(not left, "make run left processes: %s" % left)
        self.token()

    def expect_payload(self, card, during=None, beside=None, **bad):
        """bench/payload, a boot sector, reads through INT 13h over this card's stock UNDI just what the host wrote.
        during(machine) may do to the machine what it likes; beside is another card, with its ROM, that nobody starts from."""
        cable, path = self.cable(0, **bad), self.folder + "/disk.img"
        work = image.Work(int.from_bytes(os.urandom(4), "little"), 64, 100, 50, 16 << 20)
        image.make(path, work)
        self.dnsmasq(root_path="rill://10.99.0.1/bench")
        self.server({"bench": path}, "bench")
        cards = [self.cable(1).card(beside)] if beside else []
        m = self.machine(cards + [cable.card(card, ",bootindex=0")], ["-device", "isa-debug-exit,iobase=0xf4,iosize=4"])
        if during:
            during(m)
        m.wait_end(120, good=(33, 35))          # 0x10 and 0x11, as that device makes exit codes
        told = image.lines(m.text)
        self.expect("end" in told, "the payload did not end well; its last words:\n%s" % m.last_words())
        for phase in ("seq", "rnd", "chs"):
            problem = image.wrong(path, work, phase, told.get(phase))
            self.expect(not problem, problem)
        if beside:
            self.cables[1].stop()
            seen = pcap.summary(self.cables[1].pcap)["types"]
            self.expect(not seen["Tlogin"] and not seen["Tread"], "the other card carried %s" % dict(seen))
        if os.environ.get("PXE_NOTES") != "write":
            self.expect_known(card, card_row(m.text))
        self.token()
        return cable.stop()

    def expect_known(self, card, row):
        """docs/pxe-notes.md has seen this card, too."""
        with open("docs/pxe-notes.md") as f:
            known = re.search(r"^\| %s \| (\S+) \|" % re.escape(card), f.read(), re.M)
        self.expect(known and known.group(1) == row[0], "docs/pxe-notes.md does not know this card: make pxe-notes")

    def expect_bytes_in_log(self, path):
        """rilld's own figures (text or JSON): kernel and initrd were read by the firmware, the proof by the driver."""
        with open(path) as f:
            log = f.read()
        for stage, least in (("firmware", boot_bytes()), ("driver", 8 << 20)):
            told = [int(n) for n in re.findall(stage + r'_bytes"?[=:](\d+)', log)]
            self.expect(told and max(told) >= least, "rilld's log says %s bytes for the %s, at least %d were read" % (
                max(told) if told else "nothing about", stage, least))

    def expect_local_kernel(self, firmware, *said):
        """The same disk as a local one: its GRUB starts its kernel, whose log has these words before its first program runs."""
        self.lock = open(IMAGE + "/lock", "w")
        fcntl.flock(self.lock, fcntl.LOCK_SH)
        m = self.machine(firmware=firmware, more=["-drive", "if=none,id=disk,format=raw,snapshot=on,file=" + self.disk,
                                                  "-device", "ide-hd,drive=disk,bus=ide.0,bootindex=0"])
        m.wait_for(r"GRUB: starting the kernel", 60)
        m.wait_for(r"Linux version", 30)
        for words in said:
            m.wait_for(re.escape(words), 60)
        m.wait_for(r"Run /init as init process", 60)
        self.token()

    def expect_no_drive(self, words):
        drives = ["%s %s" % pair for pair in zip(words, words[1:])      # UEFI's flash is none
                  if re.match(r"-(drive|hd[abcd]|cdrom|fda|fdb|blockdev|kernel|initrd)$", pair[0])
                  and not pair[1].startswith("if=pflash,")]
        self.expect(not drives, "the machine has %s" % drives)
        self.expect("-nodefaults" in words, "the machine has QEMU's default drives")

    def expect_one_session(self, path, port=pcap.STREAM_PORT):
        """Firmware and driver read in the same session, and enough of it for a kernel and for the proof."""
        seen = pcap.summary(path, port)
        firmware, driver = seen["sessions"]["firmware"], seen["sessions"]["driver"]
        self.expect(len(firmware) == 1, "the firmware read in %d sessions" % len(firmware))
        self.expect(firmware == driver, "the driver read in sessions %s, the firmware in %s" % (driver, firmware))
        self.expect(seen["received"]["firmware"] >= boot_bytes(),
                    "the firmware read %d bytes, kernel and initrd have %d" % (seen["received"]["firmware"], boot_bytes()))
        self.expect(seen["received"]["driver"] >= 8 << 20,
                    "the driver read %d bytes, the random file has more" % seen["received"]["driver"])
        return seen

    def expect_golden(self, name, text, masks=()):
        """The text is golden/NAME, after addresses, times and what else may differ have been masked."""
        text = masked(text, masks)
        path = "%s/%s.txt" % (GOLDEN, name)
        if os.environ.get("GOLDEN") == "write":
            with open(path, "w") as f:
                f.write(text)
        with open(path) as f:
            right = f.read()
        if text != right:
            raise Failed("not the text of %s:\n%s" % (path, "".join(difflib.unified_diff(
                right.splitlines(True), text.splitlines(True), "golden", "seen"))))
        self.token()


MASKS = (
    (r"\b52:54:00(:[0-9a-f]{2}){3}\b", "MAC"),
    (r"\b10\.99\.0\.(?!1\b)\d+", "ADDRESS"),
    (r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "UUID"),
    (r"\b\d+(\.\d+)? ?(us|ms|s|MB/s|kB/s)\b", "TIME"),
    (r"\b[0-9a-f]{16,32}\b", "ID"),
    (r"\b\d+ MiB\b", "SIZE"),
    (r"(?m)^  \d+ (requests were sent again|times the server|answers had)", r"  N \1"),
    (r"build/out/qemu-tests/\w+", "FOLDER"),
    (r"(?m)^  \d+\.\d{3} (->|<-) .*\n", ""),         # a failure's packets: when, and what else was on the cable
)


def masked(text, more=()):
    for pattern, word in tuple(more) + MASKS:
        text = re.sub(pattern, word, text)
    return "\n".join(line.rstrip() for line in text.strip().splitlines()) + "\n"


def judge(path, name, folder):
    """Runs this file here and now (in a namespace of its own). True if it proved its sentence."""
    scope = {}
    with open(path) as f:
        exec(compile(f.read(), f.name, "exec"), scope)
    t = Case(name, folder)
    try:
        network.make_bridge()
        scope["run"](t)
        if not t.tokens:
            raise Failed("the case expected nothing")
    except Failed as why:
        sys.stdout.write("%s\n" % why)
        return False
    finally:
        t.stop()
    return True
