# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The block that can be patched into the firmware holds nonsense: the machine says where, and boots by its defaults."""


def run(t):
    t.cable()
    t.dnsmasq()
    t.server()
    block = t.folder + "/block"
    with open(block, "wb") as f:
        f.write(b"RILLCONF" + b"\x00\x01" + b"\x00\x08" + b"nonsense")
    h = t.host("--once", "--config", block)
    h.wait_end(60)
    t.expect_golden("nonsense_in_the_configuration", h.text)
