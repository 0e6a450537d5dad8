# SPDX-License-Identifier: BSD-2-Clause-Patent
"""A program that our option ROM starts finds PXE in all four ways, and calls every opcode by both conventions, over and over.
What each answers is what docs/pxe-api.md promises; no call changes a register, a flag or a byte that is not its own. It is
replaced by itself, gives everything back but what 40:13 says, and the BIOS goes on with the next device, which has all base
memory again."""
import nbpcalls
import optionrom

LIMIT = 120


def run(t):
    n = nbpcalls.expect_all(t, lambda cable: optionrom.card(t, cable, "e1000"))
    t.expect(n.free() == optionrom.EBDA, "for the next device base memory ends at %05x" % n.free())
