# SPDX-License-Identifier: BSD-2-Clause-Patent
"""A DHCP server that knows nothing of booting; the screen names it and the options that it did send."""


def run(t):
    t.cable()
    t.dnsmasq(boot_file=None)
    h = t.host("--once")
    h.wait_end(100, good=(1,))
    t.expect_golden("offer_without_boot_information", h.text)
