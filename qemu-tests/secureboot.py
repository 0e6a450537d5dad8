# SPDX-License-Identifier: BSD-2-Clause-Patent
"""A UEFI machine with Secure Boot on, that trusts Microsoft's keys and one of ours, which no other run has.

    key = Key(t.folder)                     made anew
    key.sign("build/out/blocks.efi", path)  sbsign
    key.sign_rill()                         `make sign`: the path of the signed rill.efi
    unsigned(path, to)                      the same program without its signature
    t.machine(firmware="efi-secure", trusts=key.der())
    told(m)                                 what Rill says until it waits to try again, for a golden text
"""
import os
import re
import shutil
import subprocess


def call(*words, **more):
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, **more)


class Key:
    def __init__(self, folder, name="ours"):
        self.folder, path = folder, "%s/%s." % (folder, name)
        self.key, self.certificate = path + "key", path + "crt"
        call("openssl", "req", "-new", "-x509", "-newkey", "rsa:2048", "-nodes", "-sha256", "-days", "2",
             "-subj", "/CN=of this run only/", "-keyout", self.key, "-out", self.certificate, stderr=subprocess.DEVNULL)

    def der(self):
        return subprocess.run(["openssl", "x509", "-in", self.certificate, "-outform", "DER"],
                              check=True, stdout=subprocess.PIPE).stdout

    def sign(self, path, to):
        call("sbsign", "--key", self.key, "--cert", self.certificate, "--output", to, path)
        return to

    def sign_rill(self):
        env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE") and name != "MFLAGS"}
        call("make", "sign", "KEY=" + self.key, "CERT=" + self.certificate, "SIGNED=" + self.folder, env=env)
        return self.folder + "/rill.signed.efi"


def unsigned(path, to):
    shutil.copy(path, to)
    call("sbattach", "--remove", to)
    return to


def told(m):
    m.wait_for(r"Rill \d", 120)
    begin = m.seen
    m.wait_for(r"again in 5 s", 60)
    said = re.sub(r"\n  \d+ requests were sent again", "", m.text[begin:m.seen])          # a busy emulator may make some late
    said = re.sub(r"\.efi, \d+ bytes", ".efi, so many bytes", said)                        # as the compiler likes it
    return "Rill 0" + said.split("again in")[0]
