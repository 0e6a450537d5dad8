# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The server is replaced by one with another key while it is read from: its tickets are worth nothing there. The machine logs in
again, keeps its session and its disk, and what it reads in the end is right."""
import hashlib
import os
import time


def run(t):
    keys = []
    for name in ("a", "b"):
        keys.append("%s/key-%s" % (t.folder, name))
        with open(keys[-1], "w") as f:
            f.write(os.urandom(32).hex() + "\n")
    image = t.folder + "/image.img"
    data = os.urandom(510) + b"\x55\xaa" + os.urandom((32 << 20) - 512)
    with open(image, "wb") as f:
        f.write(data)
    t.cable(rate=100)
    t.dnsmasq(root_path="rill://10.99.0.1/image")
    first = t.server({"image": image}, default=None, more=["--key", keys[0]])
    h = t.host("--once", "--hash")
    h.wait_for("starting the operating system after", 30)
    time.sleep(0.5)
    first.process.kill()
    first.process.wait()
    t.server({"image": image}, default=None, more=["--key", keys[1]], log="rilld-b.log")
    seen = h.wait_for(r"disk sha256 ([0-9a-f]{64}) bytes (\d+)", 60)
    h.wait_end(10)
    t.expect(seen.group(1) == hashlib.sha256(data).hexdigest(), "the disk that was read is not the disk")
    logins = [(line["session"], line["event"]) for line in t.servers[0].lines() + t.servers[1].lines()
              if line["event"].startswith("login")]
    t.expect(len(logins) >= 2 and len({session for session, _ in logins}) == 1, "not one session: %s" % logins)
    t.expect_golden("ticket_of_another_key", h.text[:seen.start()])
