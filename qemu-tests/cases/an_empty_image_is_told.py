# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The image has not a single byte. The server serves what else it has; who asks for this disk is told why not."""


def run(t):
    t.cable()
    t.dnsmasq(root_path="rill://10.99.0.1/empty")
    empty = t.folder + "/empty.img"
    open(empty, "w").close()
    t.server({"empty": empty, "debian": t.disk})
    h = t.host("--once")
    h.wait_end(30, good=(1,))
    t.expect_golden("empty_image", h.text)
