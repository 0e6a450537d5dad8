# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The boot program on the streamed disk returns an error: the session ends, and the next boot entry of OVMF starts Rill again,
by HTTP. There is one hand-over table then, of the new session, and one disk, with the same path: nothing else was left."""
import re

import blocks

LIMIT = 240


def run(t):
    disk = blocks.Disk(t.folder, "fail")
    t.cable()
    t.http()
    blocks.serve(t, disk, http_file="rill.efi")
    m = t.machine(firmware="efi")
    paths = [blocks.expect_read(t, m, disk)]
    m.wait_for(r"failed to start Boot\d+ [^\n]*: Load Error", 60)
    m.wait_for(r">>Start HTTP Boot over IPv4", 60)
    paths.append(blocks.expect_read(t, m, disk))
    m.wait_for(r"failed to start Boot\d+ [^\n]*: Load Error", 60)
    t.expect(paths[0] == paths[1], "another path: %s" % paths)
    t.expect("does not let the disk go" not in m.text, "the firmware kept the disk")
    ends = [line for line in t.servers[0].lines() if line.get("event") == "end"]
    t.expect([line.get("text") for line in ends] == ["the system's loader came back"] * 2, "the sessions ended so: %s" % ends)
    t.expect(len(set(re.findall(r"session ([0-9a-f]{16})", m.text))) == 2, "there were not two sessions")
