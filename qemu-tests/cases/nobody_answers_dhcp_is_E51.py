# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Nobody answers in a minute of asking."""

LIMIT = 150
WAITS = True


def run(t):
    t.cable()
    h = t.host("--once")
    h.wait_end(120, good=(1,))
    t.expect_golden("nobody_answers_dhcp", h.text)
