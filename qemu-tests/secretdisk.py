# SPDX-License-Identifier: BSD-2-Clause-Patent
"""A disk whose boot program is guest/secret.c, beside the text that it says: it could know that from nowhere else.

    secret = make(path)                         program="...": signed, say; name="BOOTAA64.EFI"
    expect(t, m, secret)                        it said so, and that Secure Boot is off; then the machine is
"""
import secrets

import efidisk


def make(path, program="build/out/secret.efi", **more):
    efidisk.make(path, program, **more)
    secret = secrets.token_hex(12)
    with open(path + ".txt", "w") as f:
        f.write(secret)
    efidisk.put(path, path + ".txt", "SECRET.TXT")
    return secret


def expect(t, m, secret, secure="off", seconds=120):
    seen = m.wait_for(r"secret: (\w*)\s+secure boot: (on|off)\s", seconds).groups()
    t.expect(seen == (secret, secure), "it said %s instead of %s, and that Secure Boot is %s" % (seen[0], secret, seen[1]))
    m.wait_end(30)
    t.token()
