# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Somebody truncates the image file in the middle of a boot: no made-up bytes, an error that names the server and the place."""
import os
import time

MIB = 1 << 20


def run(t):
    t.cable(rate=200)
    t.dnsmasq(root_path="rill://10.99.0.1/small")
    small = t.folder + "/small.img"
    with open(small, "wb") as f:
        f.write(os.urandom(510) + b"\x55\xaa" + os.urandom(64 * MIB - 512))
    t.server({"small": small}, default=None)
    h = t.host("--once", "--hash")
    h.wait_for("starting the operating system after", 30)
    time.sleep(0.5)
    os.truncate(small, 4 * MIB)
    h.wait_end(90, good=(1,))
    t.expect_golden("image_shrinks", h.text)
