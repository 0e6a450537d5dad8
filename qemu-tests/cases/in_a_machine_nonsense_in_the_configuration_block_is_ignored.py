# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Somebody has patched rubbish into the block inside rill.kpxe: the machine says where, and starts GRUB all the same."""
import re

from network import OUT

LIMIT = 120
MAGIC = b"RILLCONF\x00\x01"


def run(t):
    t.cable()
    t.dnsmasq()
    with open(OUT + "/rill.kpxe", "rb") as f:
        image = bytearray(f.read())
    places = [m.start() for m in re.finditer(MAGIC, image)]
    t.expect(len(places) == 1, "the block is in rill.kpxe %d times" % len(places))
    at = places[0] + len(MAGIC)
    image[at:at + 10] = b"\x00\x08nonsense"
    with open(t.folder + "/tftp/rill.kpxe", "wb") as f:
        f.write(image)
    t.server()
    m = t.machine()
    m.wait_for(r"GRUB: loading the initrd", 90)
    t.expect_golden("machine_nonsense_in_the_configuration", m.text[:m.text.index("hand over:")])
