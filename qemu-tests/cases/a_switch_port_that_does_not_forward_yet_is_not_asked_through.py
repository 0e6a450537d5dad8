# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The whole firmware on a port that forwards after 12 s and says so by RSTP: not a frame is lost on it, and then it boots."""
import os


def run(t):
    image = t.folder + "/image.img"
    with open(image, "wb") as f:
        f.write(os.urandom(510) + b"\x55\xaa" + os.urandom((1 << 20) - 512))
    cable = t.cable(0, forwards=12, tree="rapid")
    t.dnsmasq(root_path="rill://10.99.0.1/image")
    t.server({"image": image}, default=None)
    h = t.host("--once")
    h.wait_for(r"does not forward yet, says its spanning tree \(bridge 02:00:00:5c:00:01\)", 10)
    h.wait_for(r"waiting for it, at most 11\d s", 10)
    after = float(h.wait_for(r"starting the operating system after (\d+\.\d+) s", 30).group(1))
    h.wait_end(10)
    port = cable.stop()["port"]
    t.expect(port["bpdus"] >= 6, "the port said hello %d times" % port["bpdus"])
    # It may have asked once, before the port said hello at all.
    t.expect(port["blocked_in"] <= 1, "%d frames were sent through a port that did not forward" % port["blocked_in"])
    t.expect(after < 16, "it took %.1f s, of which the port took 12" % after)
    t.token()
