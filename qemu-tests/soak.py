# SPDX-License-Identifier: BSD-2-Clause-Patent
"""A machine that runs qemu-tests/guest/soak.asm from the streamed disk, and what happens to it meanwhile.

    s = Soak(t, "e1000", loss=1, seed=7)        image, network, server and machine; the guest has found what was wrong on purpose
    s.read_on(seconds)                          it reads and writes; each byte is checked in the guest
    s.fill()                                    from here on it writes more than the overlay can hold
    s.flood(...), s.silence(...), s.unplugged(...)      and after each of them
    s.expect_progress("what it was")            it must get further
    s.end()                                     the sums, clocks compared; returns them

    reads_and_writes(t, "e1000", seconds)       a case: on a bad network, with a full overlay in its second half
    short_lease(t, "e1000", seconds)            a case: the lease lasts 30 s and is renewed all the time
    overload(t, "e1000", seconds)               a case: floods, silence, a pulled cable, and always on again

The guest says at once what is wrong and ends; nothing here judges bytes.
"""
import os
import random
import re
import signal
import socket
import struct
import time

import network
from machine import Failed, start

PROGRAM, BLASTER = "build/out/soak-guest.bin", "build/out/blaster"
PARAMS_AT, MARK = 512, b"RILLSOAK"
# Eight cylinders of 255 x 63: all of it is in reach of AH=02h, and it is thirty times the cache.
SECTORS, AREA, WRONG = 8 * 255 * 63, 64, 63
WINDOW_BLOCKS, CALM_BLOCKS, BLOCK_SECTORS = 320, 192, 8
TICKS_A_SECOND = 1193182 / 65536
EXIT_WELL, EXIT_WRONG = 33, 35                  # as isa-debug-exit makes them of 10h and 11h
M32 = 0xffffffff
# Of the ticks so many may be missing: QEMU's timer chip forgets one when the machine gives QEMU no processor for 55 ms.
# And so long may the next one take (a tick is 55 ms). In a flood a ROM works long on its full ring with interrupts off:
# 380 ms were seen with pcnet's, and one tick in sixty lost.
TICKS_WRONG, GAP_US = 0.01, 250000
TICKS_WRONG_FLOOD, GAP_US_FLOOD = 0.05, 1000000


def overlay_blocks():
    """What Rill's overlay holds, from where it is decided."""
    with open("loader/limits.h") as f:
        return int(re.search(r"OVERLAY_BLOCKS\s*=\s*(\d+)", f.read()).group(1))


def stir(x):
    return x ^ x >> 16


def word(seed, lba):
    x = stir((lba * 0x9e3779b1 + seed) & M32) * 0x7feb352d & M32
    return stir((x ^ x >> 15) * 0x846ca68b & M32)


def make_image(path, seed, window):
    """Each sector: the same 128 random numbers, all xor its own word (soak_disk.inc). Returns the bit that is wrong."""
    with open(PROGRAM, "rb") as f:
        program = bytearray(f.read())
    assert program[PARAMS_AT:PARAMS_AT + 8] == MARK and len(program) <= WRONG * 512
    program[PARAMS_AT + 8:PARAMS_AT + 40] = struct.pack(
        "<8I", seed, AREA, SECTORS - AREA, window, WINDOW_BLOCKS * BLOCK_SECTORS, CALM_BLOCKS * BLOCK_SECTORS,
        overlay_blocks(), WRONG)
    row, numbers = seed, []
    for _ in range(128):
        row = (row * 1664525 + 1013904223) & M32
        numbers.append(row)
    common = int.from_bytes(struct.pack("<128I", *numbers), "little")
    ones = int.from_bytes(b"\1\0\0\0" * 128, "little")
    bit = random.Random(seed).randrange(512 * 8)
    with open(path, "wb") as f:
        f.write(bytes(program))
        f.seek(WRONG * 512)
        f.write((common ^ word(seed, WRONG) * ones ^ 1 << bit).to_bytes(512, "little"))
        f.write(b"".join((common ^ word(seed, lba) * ones).to_bytes(512, "little") for lba in range(AREA, SECTORS)))
    return bit


class Soak:
    def __init__(self, t, card, dhcp=None, **bad):
        self.t, self.card, self.phase = t, card, "the start"
        self.seed = seed = int(os.environ.get("SEED", 0)) or int.from_bytes(os.urandom(4), "little")
        window = random.Random(seed).randrange(AREA // 8, SECTORS // 8 - WINDOW_BLOCKS) * 8
        print("seed %d" % seed, flush=True)
        path = t.folder + "/disk.img"
        bit = make_image(path, seed, window)
        self.cable = t.cable(0, pcap=False, **bad)
        dhcp = dhcp or {"more": os.environ.get("DNSMASQ", "").split()}
        t.dnsmasq(root_path="rill://10.99.0.1/soak", **dhcp)
        self.server = t.server({"soak": path}, "soak")
        self.machine = t.machine([self.cable.card(card, ",bootindex=0")],
                                 ["-device", "isa-debug-exit,iobase=0xf4,iosize=4"], memory_mib=32)
        begun = self.wait_for(r"soak start (.*)\n", 120).group(1)
        print(begun)
        found = self.wait_for(r"soak notices lba=(\d+) byte=(\d+) ", 30)
        t.expect(found.groups()[:2] == (str(WRONG), str(bit // 32 * 4)),
                 "bit %d of sector %d is wrong, not what was found: %s" % (bit, WRONG, found.group()))
        self.wait_for(r"soak notices lba=", 30)
        t.expect(values(begun)["guarded_kb"] > 25 << 10, "the guest was promised little memory: %s" % begun)
        t.expect(values(begun)["hole"], "the guest did not see what Rill keeps: %s" % begun)

    # --- what the guest says

    def wait_for(self, pattern, seconds):
        """As the machine's; but what the guest found wrong ends it at once."""
        match = self.machine.wait_for("(?:%s)|soak error (.*)\n" % pattern, seconds)
        if match.group(match.re.groups) is not None:
            raise Failed("%s, in %s, the guest found an error (soak.asm has the numbers): %s" % (
                self.card, self.phase, match.group(match.re.groups)))
        return match

    def figures(self, seconds=30):
        """The next line of figures."""
        return values(self.wait_for(r"soak at (.*)\n", seconds).group(1))

    def read_on(self, seconds):
        """It goes on for so long; its last figures."""
        last, until = self.figures(), time.time() + seconds
        while time.time() < until:
            last = self.figures()
        return last

    def expect_progress(self, after, seconds=60):
        """What came meanwhile is forgotten; then it must have read a MiB more, rightly, in this time."""
        self.phase = "what came after " + after
        self.machine.pump(0)
        self.machine.seen = self.machine.text.rfind("\n") + 1
        began = time.time()
        first = self.figures(seconds)
        while True:
            now = self.figures(max(began + seconds - time.time(), 1))
            if now["sectors"] >= first["sectors"] + 2048:
                break
            if time.time() - began > seconds:
                raise Failed("%s: after %s only %d sectors were read in %d s" % (
                    self.card, after, now["sectors"] - first["sectors"], seconds))
        print("%-14s %5.1f s later well after %s" % (self.card, time.time() - began, after), flush=True)
        self.t.token()

    # --- what happens to it

    def fill(self):
        self.machine.send("f")
        self.wait_for(r"soak full", 30)

    def pause(self):
        self.machine.send("p")
        self.wait_for(r"soak pauses", 30)

    def go_on(self):
        self.machine.send("g")
        self.wait_for(r"soak goes on", 30)

    def flood(self, seconds, frames_per_s=20000, broadcast=False, payload=64):
        """UDP to a port where nobody listens, far more than any of these cards can take."""
        to = "10.99.0.255" if broadcast else self.address()
        words = [BLASTER, "--flood", to, "9", str(frames_per_s), str(int(seconds * 1000)), str(payload)]
        log = self.t.folder + "/blaster.log"
        code = start(words, log).wait(seconds + 30)
        with open(log) as f:
            told = (f.read().splitlines() or ["nothing"])[-1]
        sent = re.search(r" sent (\d+) in ", told)
        self.t.expect(code == 0 and sent and int(sent.group(1)) > seconds * frames_per_s / 10,
                      "there was no flood; blaster ended with %d and said: %s" % (code, told))

    def silence(self, seconds):
        """The server is there and says nothing."""
        self.server.process.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        self.server.process.send_signal(signal.SIGCONT)

    def unplugged(self, seconds):
        """The cable ends in a switch that is connected to nothing."""
        network.ip("link", "set", "tap0", "nomaster")
        time.sleep(seconds)
        network.ip("link", "set", "tap0", "master", "br0")

    def address(self):
        with open(self.t.folder + "/leases") as f:
            return f.read().split()[2]

    # --- the end

    def end(self, ticks_wrong=TICKS_WRONG, gap_us=GAP_US):
        """All that was written is read once more, all memory looked at; the sums."""
        self.phase = "the end"
        self.machine.send("q")
        sums = values(self.wait_for(r"soak sum (.*)\n", 120).group(1))
        self.wait_for(r"soak end\n", 10)
        self.machine.wait_end(20, good=(EXIT_WELL, EXIT_WRONG))
        print(sums)
        self.expect_ticks(sums, ticks_wrong, gap_us)
        for name in ("reads", "writes", "ticks_in", "nested", "sweeps"):
            self.t.expect(sums[name], "there were no %s at all" % name)
        self.t.token()
        return sums, self.cable.stop()

    def expect_ticks(self, sums, wrong, gap_us):
        """The BIOS's own count against the clock chip's seconds, and the longest time without a tick while Rill was at work."""
        due = sums["rtc_s"] * TICKS_A_SECOND
        self.t.expect(abs(sums["bios_ticks"] - due) <= due * wrong + 1, "%d ticks in %d s instead of %d" % (
            sums["bios_ticks"], sums["rtc_s"], due))
        self.t.expect(sums["gap_in_us"] < gap_us, "a call kept the ticks waiting for %d us" % sums["gap_in_us"])
        self.t.expect(sums["late_in"] <= due * wrong + 1, "%d ticks were lost in calls" % sums["late_in"])


def values(text):
    return {name: int(value) for name, value in re.findall(r"(\w+)=(\d+)", text)}


# A day that is worse than any that a working network has.
BAD = {"loss": 1, "duplicate": 1, "reorder": 1, "corrupt": 0.2, "delay": 0.2, "jitter": 0.3}


def long(seconds):
    """How long a soak takes; SOAK_SECONDS= for a try."""
    return float(os.environ.get("SOAK_SECONDS", seconds))


def reads_and_writes(t, card, seconds):
    s = Soak(t, card, seed=7, **BAD)
    s.read_on(seconds / 2)
    s.fill()
    s.read_on(seconds / 2)
    s.expect_progress("a full overlay")
    sums, done = s.end()
    t.expect(sums["touched"] == overlay_blocks(), "the overlay was not full")
    t.expect(sums["refused"] > 10, "only %d writes were too many" % sums["refused"])
    t.expect(sums["stack"] > 0, "no call was made with interrupts off")
    print(done)
    for kind in ("lost", "duplicated", "reordered", "corrupted"):
        t.expect(done["to_machine"][kind] > seconds, "hardly any frame to the machine was %s" % kind)


# dnsmasq knows no lease below two minutes.
LEASE_S = 30
ISC_LEASE = """
default-lease-time %d; max-lease-time %d;
subnet 10.99.0.0 netmask 255.255.255.0 {
	range 10.99.0.100 10.99.0.119;
	next-server 10.99.0.1;
	filename "rill.kpxe";
	option root-path "rill://10.99.0.1/soak";
}""" % (LEASE_S, LEASE_S)


def short_lease(t, card, seconds):
    """It reads and writes on. Meanwhile dhcpd is asked for more time, never for an address; its file has when it gave it."""
    isc = t.isc(ISC_LEASE)
    s = Soak(t, card, dhcp={"pool": None})
    before = isc.said()
    s.phase = "a lease of %d s" % LEASE_S
    s.read_on(seconds)
    s.expect_progress(s.phase)
    s.end()
    said = isc.said()[len(before):]
    given = [time.mktime(time.strptime(at, "%Y/%m/%d %H:%M:%S"))
             for at in re.findall(r"  cltt \d ([^;]+);", isc.leases())]
    pauses = [b - a for a, b in zip(given, given[1:])]
    print("renewed after %s s" % " ".join("%d" % pause for pause in pauses))
    t.expect("DHCPDISCOVER" not in said and said.count("DHCPREQUEST for") == said.count("DHCPACK on"),
             "the lease was lost:\n" + said)
    t.expect(len(pauses) >= seconds // LEASE_S and all(pause < LEASE_S for pause in pauses), "it was renewed too seldom")
    logins = [line for line in s.server.lines() if line["event"] == "login"]
    t.expect(len(logins) == 1, "there were %d logins, and one is enough" % len(logins))


def flood_while_idle(s, seconds):
    s.pause()
    s.flood(seconds)
    s.go_on()


def flood_in_silence(s, seconds):
    s.server.process.send_signal(signal.SIGSTOP)
    s.flood(seconds, broadcast=True)
    s.server.process.send_signal(signal.SIGCONT)


def idle(s, seconds):
    s.pause()
    time.sleep(seconds)
    s.go_on()


# What ne2k_pci cannot stand, whoever uses it (docs/pxe-notes.md): frames of six of its 256-byte pages.
LONG = "a flood of long frames"

PHASES = (
    ("a flood", lambda s, n: s.flood(n)),
    ("silence", lambda s, n: s.silence(n)),
    ("a flood for everybody", lambda s, n: s.flood(n, broadcast=True)),
    ("a pulled cable", lambda s, n: s.unplugged(n)),
    (LONG, lambda s, n: s.flood(n, payload=1472)),
    ("a flood while nobody looked", flood_while_idle),
    ("a flood and silence at once", flood_in_silence),
    ("nothing to do", idle),
)


def overload(t, card, seconds, longest=60):
    """Every phase in turn until the time is up, each for `longest` seconds or less, down to a twelfth; all at least once."""
    s = Soak(t, card)
    chance, until, done = random.Random(s.seed), time.time() + seconds, 0
    phases = [p for p in PHASES if (card, p[0]) != ("ne2k_pci", LONG)]
    while done < len(phases) or time.time() < until:
        name, what = phases[done % len(phases)]
        s.phase = name
        what(s, min(chance.uniform(max(2, longest / 12), longest), max(until - time.time(), 2)))
        s.expect_progress(name)
        done += 1
    s.end(TICKS_WRONG_FLOOD, GAP_US_FLOOD)
