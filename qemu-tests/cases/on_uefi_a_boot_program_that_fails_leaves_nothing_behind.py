# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The boot program on the streamed disk returns an error: the session ends, and the next boot entry of OVMF starts Rill again,
by HTTP. There is one hand-over table then, of the new session, and one disk, with the same path: nothing else was left."""
import re
import secrets

import efidisk
import ovmf

LIMIT = 240


def run(t):
    disk, secret = t.folder + "/uefi.img", secrets.token_hex(12)
    efidisk.make(disk, "build/out/blocks.efi", {100: secret.encode().ljust(32, b"\0") + b"fail"})
    cable = t.cable()
    t.dnsmasq(boot_file="rill.efi", files=["build/out/rill.efi"], root_path="rill://10.99.0.1/uefi", more=ovmf.http_boot(t))
    t.server({"uefi": disk}, default="uefi")
    m = t.machine([cable.card(more=ovmf.CARD)], ovmf.words(t.folder))
    paths = [boot(t, m, secret)]
    m.wait_for(r"failed to start Boot\d+ [^\n]*: Load Error", 60)
    m.wait_for(r">>Start HTTP Boot over IPv4", 60)
    paths.append(boot(t, m, secret))
    m.wait_for(r"failed to start Boot\d+ [^\n]*: Load Error", 60)
    t.expect(paths[0] == paths[1], "two disks, or another path: %s" % paths)
    t.expect("does not let the disk go" not in m.text, "the firmware kept the disk")
    ends = [line for line in t.servers[0].lines() if line.get("event") == "end"]
    t.expect([line.get("text") for line in ends] == ["the system's loader came back"] * 2, "the sessions ended so: %s" % ends)
    t.expect(len(set(re.findall(r"session ([0-9a-f]{16})", m.text))) == 2, "there were not two sessions")
    t.token()


def boot(t, m, secret):
    paths = m.wait_for(r"((blocks: path \S+\n)+)blocks: callback", 120).group(1)
    wrong = m.wait_for(r"blocks: asked \w+ wrong (\w+)\n", 60).group(1)
    t.expect(wrong == "0000", "%s answers are wrong:\n%s" % (wrong, m.last_words()))
    t.expect(m.wait_for(r"blocks: secret (\w+)\n", 60).group(1) == secret, "it read something else")
    return paths
