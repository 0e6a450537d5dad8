# SPDX-License-Identifier: BSD-2-Clause-Patent
"""What makes a machine of machine.py a UEFI one: Debian's OVMF, with variables of its own.

    t.machine([cable.card(more=ovmf.CARD)], ovmf.words(t.folder))
    ovmf.http_boot(t)           what dnsmasq must be told besides, for the firmware's next boot entry; starts an HTTP server
    ovmf.expect_blocks(t, "e1000", ",bootindex=0")      PXE, rill.efi, and guest/blocks.c on the streamed disk, over this card
"""
import os
import secrets
import shutil
import sys

import efidisk
import network
from machine import Failed, start, stop

CODE, VARIABLES = "/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd"

# The firmware's own driver and PXE, not the ROM of the card; and nothing else is tried before.
CARD = ",romfile=,bootindex=0"


def words(folder):
    if not os.path.exists(CODE):
        raise Failed("%s is not there: make deps, or apt-get install ovmf" % CODE)
    shutil.copy(VARIABLES, folder + "/variables.fd")
    return ["-fw_cfg", "name=opt/org.tianocore/IPv6PXESupport,string=n",
            "-drive", "if=pflash,format=raw,unit=0,readonly=on,file=" + CODE,
            "-drive", "if=pflash,format=raw,unit=1,file=%s/variables.fd" % folder]


class Http:
    def __init__(self, folder):
        words = [sys.executable, "-m", "http.server", "--bind", network.HERE, "--directory", folder + "/tftp", "80"]
        self.process = start(words, folder + "/http.log")

    def stop(self):
        stop(self.process)


def http_boot(t):
    t.running.append(Http(t.folder))
    return ["--dhcp-match=set:http,option:client-arch,16", "--dhcp-option-force=tag:http,60,HTTPClient",
            "--dhcp-boot=tag:http,http://%s/rill.efi" % network.HERE]


def expect_blocks(t, model, more, longer=0, **bad):
    disk, program, secret = t.folder + "/uefi.img", t.folder + "/blocks.efi", secrets.token_hex(12)
    with open("build/out/blocks.efi", "rb") as f, open(program, "wb") as to:
        to.write(f.read() + os.urandom(longer))         # the firmware reads the whole file
    efidisk.make(disk, program, {100: secret.encode().ljust(32, b"\0") + b"exit"})
    cable = t.cable(0, **bad)
    t.dnsmasq(boot_file="rill.efi", files=["build/out/rill.efi"], root_path="rill://10.99.0.1/uefi")
    t.server({"uefi": disk}, default="uefi")
    m = t.machine([cable.card(model, more)], words(t.folder))
    m.wait_for(r"card 52:54:00:99:00:01, snp", 150)
    wrong = m.wait_for(r"blocks: asked \w+ wrong (\w+)\n", 120).group(1)
    t.expect(wrong == "0000", "%s answers are wrong:\n%s" % (wrong, m.last_words()))
    seen = m.wait_for(r"blocks: secret (\w+)\n", 60).group(1)
    t.expect(seen == secret, "it read %s, not %s" % (seen, secret))
    m.wait_for(r"blocks: gone, all is an error", 60)
    m.wait_end(60)
    t.token()
    return cable.stop()
