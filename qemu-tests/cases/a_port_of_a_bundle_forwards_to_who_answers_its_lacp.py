# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The whole firmware on a port that forwards only to who answers its LACP. It is answered to the last sector."""
import hashlib
import os


def run(t):
    image = t.folder + "/image.img"
    data = os.urandom(510) + b"\x55\xaa" + os.urandom((8 << 20) - 512)
    with open(image, "wb") as f:
        f.write(data)
    cable = t.cable(0, bundle=1, rate=20)               # eight seconds for the disk, so that it is asked again
    t.dnsmasq(root_path="rill://10.99.0.1/image")
    t.server({"image": image}, default=None)
    h = t.host("--once", "--hash")
    h.wait_for(r"starting the operating system after", 20)
    seen = h.wait_for(r"disk sha256 ([0-9a-f]{64}) bytes (\d+)", 60)
    h.wait_end(10)
    port = cable.stop()["port"]
    t.expect(seen.group(1) == hashlib.sha256(data).hexdigest(), "the disk that was read is not the disk")
    t.expect(port["lacp_answers"] >= 4, "the port was answered %d times" % port["lacp_answers"])
    t.expect(port["lacp_answers"] <= port["lacpdus"], "it was answered more often than it asked: %s" % port)
    t.token()
