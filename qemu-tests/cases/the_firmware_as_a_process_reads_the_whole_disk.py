# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The whole firmware on a tap: DHCP from dnsmasq, login to rilld, every sector through INT 13h, and the hash is right; within
0.7 s of its first breath the system has been started. The hand-over block it leaves names the session that rilld logged."""
import hashlib
import os


def run(t):
    image = t.folder + "/image.img"
    data = os.urandom(510) + b"\x55\xaa" + os.urandom((24 << 20) - 512)
    with open(image, "wb") as f:
        f.write(data)
    t.cable()
    t.dnsmasq(root_path="rill://10.99.0.1/image")
    t.server({"image": image}, default=None)
    block = t.folder + "/handover"
    h = t.host("--once", "--hash", "--handover", block)
    after = float(h.wait_for(r"starting the operating system after (\d+\.\d+) s", 30).group(1))
    seen = h.wait_for(r"disk sha256 ([0-9a-f]{64}) bytes (\d+)", 60)
    h.wait_end(10)
    t.expect(seen.group(1) == hashlib.sha256(data).hexdigest(), "the disk that was read is not the disk")
    t.expect(int(seen.group(2)) == len(data), "%s bytes were read, the disk has %d" % (seen.group(2), len(data)))
    t.expect(after <= 0.7, "it took %.3f s to start the system" % after)
    with open(block, "rb") as f:
        handover = f.read()
    session = [line["session"] for line in t.servers[0].lines() if line["event"] == "login"][0]
    t.expect(handover[:8] == b"RILLHAND" and bytes.fromhex(session) in handover, "the block does not name session " + session)
    t.token()
