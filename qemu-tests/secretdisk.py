# SPDX-License-Identifier: BSD-2-Clause-Patent
"""A disk whose boot program is guest/secret.c, beside the text that it says: it could know that from nowhere else. Its boot
sector for a BIOS, guest/secret.asm, says the same text from a sector of its own.

    secret = make(path)                         program="...": signed, say; name="BOOTAA64.EFI"
    expect(t, m, secret)                        it said so, and that Secure Boot is off; then the machine is
    expect_by_bios(t, m, secret)                the boot sector said so; then the machine is stopped
    expect_both(t, secret, *words)              machines of both kinds, one after the other, the card of each at a cable of its
                                                own; Rill's screen must have these words, each of them a pattern, on the way.
                                                prepare(cable) is called before the machine is started
"""
import secrets

import efidisk
from dosdisk import assemble

TEXT_AT = 100                                   # the last sector that guest/secret.asm reads


def make(path, program="build/out/secret.efi", **more):
    secret = secrets.token_hex(12)
    sectors = {0: assemble("secret", path + ".mbr"), TEXT_AT: secret.encode() + b"\0"}
    efidisk.make(path, program, sectors, **more)
    with open(path + ".txt", "w") as f:
        f.write(secret)
    efidisk.put(path, path + ".txt", "SECRET.TXT")
    return secret


def expect(t, m, secret, secure="off", seconds=120):
    seen = m.wait_for(r"secret: (\w*)\s+secure boot: (on|off)\s", seconds).groups()
    t.expect(seen == (secret, secure), "it said %s instead of %s, and that Secure Boot is %s" % (seen[0], secret, seen[1]))
    m.wait_end(30)
    t.token()


def expect_by_bios(t, m, secret, seconds=60):
    seen = m.wait_for(r"secret: (\w*)\s", seconds).group(1)
    t.expect(seen == secret, "it said %s instead of %s" % (seen, secret))
    m.stop()
    t.token()


def expect_both(t, secret, *words, prepare=None):
    for firmware, rom in (("bios", ""), ("efi", ",romfile=")):
        cable = t.cable(len(t.cables))
        if prepare:
            prepare(cable)
        m = t.machine([cable.card(more=",bootindex=0" + rom)], firmware=firmware)
        m.wait_for(r"\ncard 52:54", 120)
        for pattern in words:
            m.wait_for(pattern, 60)
        if firmware == "bios":
            expect_by_bios(t, m, secret)
        else:
            expect(t, m, secret)
            m.stop()
        cable.stop()
        print("%s: %.1f s" % (firmware, m.age()))
