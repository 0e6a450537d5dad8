# SPDX-License-Identifier: BSD-2-Clause-Patent
"""One program is started twice on the same machine, from the streamed disk and from a local one, and tells how much memory of
each type its map had when it ended the boot services: of the types that stay as much as without Rill, but for the table.
EDK2 shows a reserve of each type as taken (RuntimeServicesCode: 1 MiB), so what would fit into that is not seen."""
import re

import blocks

LIMIT = 240
PAGE = 4096
ACPI = 9
# What the operating system takes: loader's and boot services' code and data, and what nobody had.
FREE = (1, 2, 3, 4, 7)


def run(t):
    streamed, cable = blocks.Disk(t.folder, "exit"), t.cable()
    blocks.serve(t, streamed)
    m = t.machine(firmware="efi")
    blocks.expect_read(t, m, streamed)
    ours = memory(m)
    table = len(re.search(r"blocks: table ([0-9a-f]+)\n", m.text).group(1)) // 2
    m.wait_end(60)
    m.stop()

    local = blocks.Disk(t.folder, "local", name="local")
    m = t.machine([cable.card(more=",bootindex=1,romfile=")], firmware="efi", more=[
        "-drive", "if=none,id=disk,format=raw,file=" + local.path, "-device", "ide-hd,drive=disk,bus=ide.0,bootindex=0"])
    seen = m.wait_for(r"blocks: secret (\w+)\n", 120).group(1)
    t.expect(seen == local.near, "it read %s, not %s" % (seen, local.near))
    theirs = memory(m)
    m.wait_end(60)

    print("streamed %s\nlocal    %s" % (ours, theirs))
    more = {kind: ours[kind] - theirs[kind] for kind in range(len(ours)) if kind not in FREE and ours[kind] != theirs[kind]}
    least, most = 0, -(-table // PAGE)              # the firmware may have had room for it in a page of its own
    t.expect(least <= more.pop(ACPI, 0) <= most, "the table of %d bytes has taken pages: %s, %s" % (table, ours, theirs))
    t.expect(not more, "pages of types that stay, more than without Rill: %s" % more)
    t.expect(sum(ours) == sum(theirs), "memory is missing: %d pages, %d without Rill" % (sum(ours), sum(theirs)))
    t.token()


def memory(m):
    """Pages, by UEFI's number of their type."""
    return [int(n, 16) for n in m.wait_for(r"blocks: memory((?: [0-9a-f]{8})+)\n", 60).group(1).split()]
