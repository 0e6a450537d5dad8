# SPDX-License-Identifier: BSD-2-Clause-Patent
"""One run of one contender, in a network namespace that is ours alone; what it said, as values.

    figures = run(Setting(firmware.UEFI, contender="rill", card="virtio-net-pci", loss=0, folder=...), disk, limit)

The network is that of the tests (qemu-tests/network.py): bridge, tap, frame switch, dnsmasq; for every contender the
same. figures: one dict a line the guest printed, what was seen on the cable, "seconds", "foreign": cores that everybody else
used meanwhile, and "pace": how fast our own were (pace.py).
"""
import os
import re
import resource
import sys
import time

sys.path.insert(0, "qemu-tests")
import image                                    # noqa: E402
import network                                  # noqa: E402
import pace                                     # noqa: E402
from machine import Failed, Machine             # noqa: E402

EXIT_WELL, EXIT_WRONG = 0x10 * 2 + 1, 0x11 * 2 + 1      # isa-debug-exit makes 2 n + 1 of n
TICK = os.sysconf("SC_CLK_TCK")


class Setting:
    def __init__(self, firmware, contender, card, loss, folder):
        self.firmware, self.contender, self.card, self.loss, self.folder = firmware, contender, card, loss, folder


def busy_seconds():
    """Processor time of the whole machine: user, nice, system, irq, softirq, steal."""
    with open("/proc/stat") as f:
        fields = [int(x) for x in f.readline().split()[1:]]
    return (fields[0] + fields[1] + fields[2] + fields[5] + fields[6] + fields[7]) / TICK


def own_seconds():
    """Ours, and of every process of ours that has ended: so both ends of a run are where none is alive."""
    total = 0
    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        used = resource.getrusage(who)
        total += used.ru_utime + used.ru_stime
    return total


def values(text):
    """The payload's lines as image.py reads them; those of the counting image as lists under "count" and "answers"."""
    found = image.lines(text)
    for name, first in (("count", "asked_pps"), ("answers", "asked_frames")):
        found[name] = [dict(re.findall(r"(\w+)=(\d+)", line)) for line in re.findall(r"^count (%s=.*)" % first, text, re.M)]
    return found


def play(setting, disk, limit):
    """The run itself: what the guest said and what the cable saw, as figures, or Failed."""
    network.make_bridge()
    running = []
    try:
        bad = {"loss": setting.loss, "seed": 1} if setting.loss else {}
        contender = setting.firmware.peers[setting.contender]
        cable = network.Cable(setting.folder, 0, pcap=contender.pcap, **bad)
        running.append(cable)
        peer = contender(setting.folder, disk)
        running.append(peer)
        card = cable.card(setting.card, ",bootindex=0" + peer.romfile(setting))
        machine = Machine(setting.folder, card, keep=[cable.end.fileno()], firmware=peer.needs or setting.firmware.machine,
                          more=["-device", "isa-debug-exit,iobase=0xf4,iosize=4"])
        running.append(machine)
        until = time.time() + limit
        while not machine.ended:
            peer.turn(machine)
            machine.pump(0.1)
            if setting.firmware.given_up in machine.text:
                raise Failed("nothing boots; its last words:\n%s" % machine.last_words())
            if time.time() > until:
                raise Failed("not done after %d s; its last words:\n%s" % (limit, machine.last_words()))
        if machine.process.wait() != EXIT_WELL:
            raise Failed("it ended with %d; its last words:\n%s" % (machine.process.wait(), machine.last_words()))
        cable.stop()
        return dict(values(machine.text), **peer.figures(cable))
    finally:
        for made in reversed(running):
            made.stop()


def run(setting, disk, limit):
    began, busy, own, cores = time.time(), busy_seconds(), own_seconds(), pace.Pace()
    figures = {"failed": None}
    try:
        figures.update(play(setting, disk, limit))
    except Failed as why:
        figures["failed"] = str(why)
    figures["pace"] = cores.stop()
    figures["seconds"] = time.time() - began
    figures["foreign"] = max(0, (busy_seconds() - busy) - (own_seconds() - own)) / figures["seconds"]
    return figures
