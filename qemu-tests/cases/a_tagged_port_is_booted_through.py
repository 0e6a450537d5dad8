# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The whole firmware on a port that is tagged: every frame has the tag, and every sector is right."""
import hashlib
import os


def run(t):
    image = t.folder + "/image.img"
    data = os.urandom(510) + b"\x55\xaa" + os.urandom((8 << 20) - 512)
    with open(image, "wb") as f:
        f.write(data)
    cable = t.cable(0, vlan=7)
    t.dnsmasq(root_path="rill://10.99.0.1/image")
    t.server({"image": image}, default=None)
    h = t.host("--once", "--hash", "--vlan", "7")
    h.wait_for(r"in VLAN 7", 10)
    seen = h.wait_for(r"disk sha256 ([0-9a-f]{64}) bytes (\d+)", 60)
    h.wait_end(10)
    t.expect(seen.group(1) == hashlib.sha256(data).hexdigest(), "the disk that was read is not the disk")
    port = cable.stop()["port"]
    t.expect(port["wrong_tags"] == 0, "%d frames had not the port's tag" % port["wrong_tags"])
    t.token()
