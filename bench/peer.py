# SPDX-License-Identifier: BSD-2-Clause-Patent
"""What every contender is.

    peer = Heir(folder, disk)       its servers run
    peer.romfile(setting)           QEMU's words for what is in the card's ROM
    peer.turn(machine)              now and then while the machine runs
    peer.figures(cable)             when it has ended: what was seen on the cable, besides what the guest said
    peer.stop()

    .reads_disk     the guest is bench/payload, which says what it read of the disk
    .is_ours        a failure of it is ours
    .pcap           it wants the cable's frames on file
    .needs          it runs on this firmware whatever the others run on, and over the card's stock ROM; None: on theirs
"""
from machine import start, stop

UNDIONLY, SNPONLY = "/usr/lib/ipxe/undionly.kpxe", "/usr/lib/ipxe/snponly.efi"


class Peer:
    """A set of processes and objects with stop()."""
    reads_disk, is_ours, pcap, needs = True, False, False, None

    def __init__(self, folder):
        self.folder, self.running = folder, []

    def start(self, words, log, **more):
        process = start(words, "%s/%s" % (self.folder, log), **more)
        self.running.append(process)
        return process

    def keep(self, made):
        self.running.append(made)
        return made

    def romfile(self, setting):
        return "" if self.needs else setting.firmware.romfile(setting.card)

    def turn(self, machine):
        pass

    def figures(self, cable):
        return {}

    def stop(self):
        for made in reversed(self.running):
            if hasattr(made, "wait"):
                stop(made)
            else:
                made.stop()
