# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Our CD starts a disk whose boot sector gives up (INT 18h), then is told Esc: each time the BIOS goes on with its next device,
the card reaches no memory any more, and answers to its addresses as the BIOS had it do."""
import re

import medium

LIMIT = 240
COMMAND = 4
IO_AND_MEMORY, MASTER = 3, 4
CARDS = (("virtio-net-pci", "virtio-net"), ("e1000", "e1000"), ("e1000e", "e1000e"))


def command_register(m):
    """Of the card, which is at PCI 00:09.0."""
    m.monitor.ask("o /w 0xcf8 0x%x" % (0x80000000 | 9 << 11 | COMMAND))
    return int(re.search(r"= (0x\w+)", m.monitor.ask("i /h 0xcfc")).group(1), 16)


def expect_next(t, m, word):
    m.wait_for(r"next: %s\s" % word, 60)
    after = command_register(m)
    t.expect(not after & MASTER and after & IO_AND_MEMORY == IO_AND_MEMORY, "the card's command register is %04xh" % after)
    m.stop()
    t.token()


def run(t):
    disk = medium.disk_that_gives_up(t)
    word, more = medium.next_device(t)
    t.dnsmasq(boot_file=None)
    server = t.server({"mbr": disk}, default="mbr")
    for nic, named in CARDS:
        m, cable = medium.start(t, "rill.iso", "ide-cd", *more, uri="rill://10.99.0.1/mbr", nic=nic + ",addr=9", named=named,
                                firmware="bios")
        m.wait_for(r"mbr: ", 60)
        expect_next(t, m, word)
        cable.stop()
    server.stop()
    for nic, named in CARDS:
        m, cable = medium.start(t, "rill.iso", "ide-cd", *more, uri="rill://10.99.0.1/mbr", nic=nic + ",addr=9", named=named,
                                firmware="bios")
        during = command_register(m)
        t.expect(during & MASTER, "the card's command register is %04xh while it is driven" % during)
        m.send("\33")
        expect_next(t, m, word)
        cable.stop()
