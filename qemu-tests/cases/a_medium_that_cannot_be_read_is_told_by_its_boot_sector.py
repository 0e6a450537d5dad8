# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Our CD ends in the middle of rill.kpxe: the screen says what INT 13h says, and the BIOS goes on with its next device."""
import re

import medium

LIMIT = 60
SCREEN = 0xb8000, 80 * 25 * 2


def run(t):
    word, more = medium.next_device(t)
    m, _ = medium.machine(t, "rill.iso", "ide-cd", *more, firmware="bios", readable=128 << 10)
    m.wait_for(r"next: %s\s" % word, 60)
    screen = m.monitor.memory(*SCREEN)[::2].decode("cp437")
    said = re.search(r"Rill: the BIOS cannot read this medium, INT 13h says [0-9A-F]{2}h", screen)
    t.expect(said, "the screen: " + screen)
    print(said.group())
    t.token()
