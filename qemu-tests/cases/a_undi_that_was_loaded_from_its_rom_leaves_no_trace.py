# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Our CD loads the UNDI of a card's stock ROM, and gives the machine back, after Esc and after a disk whose boot sector gives up
(INT 18h): the BIOS goes on with its next device, with base memory as large as in a machine whose card has no ROM, and its
interrupts where they were."""
import struct

import medium

LIMIT = 300
BASE_KB_AT, VECTORS = 0x413, 256
LOOKED_AT = (0x13, 0x15, 0x18, 0x1a)


def seen(m):
    """40:13, and the vectors that Rill and a UNDI hook."""
    low = m.monitor.memory(0, 0x500)
    vectors = struct.unpack_from("<%dI" % VECTORS, low)
    return struct.unpack_from("<H", low, BASE_KB_AT)[0], [hex(vectors[n]) for n in LOOKED_AT]


def expect_next(t, m, word, right):
    m.wait_for(r"next: %s\s" % word, 60)
    t.expect(seen(m) == right, "40:13 and vectors are %s, and were %s" % (seen(m), right))
    m.stop()
    t.token()


def run(t):
    disk = medium.disk_that_gives_up(t)
    word, more = medium.next_device(t)
    t.dnsmasq(boot_file=None)
    m, _ = medium.machine(t, "rill.iso", "ide-cd", *more, nic="rtl8139", firmware="bios")
    m.wait_for(r"next: %s\s" % word, 90)
    right = seen(m)
    m.stop()
    m, cable = medium.start(t, "rill.iso", "ide-cd", *more, nic="rtl8139", named="undi 10ec:8139", firmware="bios", rom="")
    t.expect(seen(m)[0] < right[0], "40:13 is not lowered while the UNDI is loaded: %s" % (seen(m),))
    m.send("\33")
    expect_next(t, m, word, right)
    cable.stop()
    t.server({"mbr": disk}, default="mbr")
    m, _ = medium.start(t, "rill.iso", "ide-cd", *more, uri="rill://10.99.0.1/mbr", nic="rtl8139", named="undi 10ec:8139",
                        firmware="bios", rom="")
    m.wait_for(r"mbr: ", 60)
    expect_next(t, m, word, right)
