# SPDX-License-Identifier: BSD-2-Clause-Patent
"""A CD image without a hard disk's boot sector: the screen says what it is, where that was seen, and the cure; and the cure is
one, the same image boots after it."""
from loaders import disks

LIMIT = 150


def run(t):
    system, path = disks.System(), t.folder + "/cd.iso"
    disks.iso(path, system, hybrid=False)
    t.cable()
    dnsmasq = t.dnsmasq(root_path="rill://10.99.0.1/loader")
    server = t.server({"loader": path}, "loader")
    h = t.host("--once")
    h.wait_end(30, good=(1,))
    t.expect_golden("cd_image", h.text)
    for each in (h, server, dnsmasq):
        each.stop()
    disks.run("isohybrid", path)
    disks.expect_edd(t, path, disks.boot(t, path, system))
