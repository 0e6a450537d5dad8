# SPDX-License-Identifier: BSD-2-Clause-Patent
"""A port that is tagged: the whole firmware reads every sector right, and so does the Linux after it, by the hand-over block.

Every frame has the tag, the firmware's and the driver's (the kernel alone would send IPv6's own on the card below, untagged).
The first try of the driver is without 8021q, and must say so.
"""
import hashlib
import os

import driverguest


def run(t):
    image, block = t.folder + "/image.img", t.folder + "/block"
    data = os.urandom(510) + b"\x55\xaa" + os.urandom((8 << 20) - 512)
    with open(image, "wb") as f:
        f.write(data)
    right = hashlib.sha256(data).hexdigest()
    cable = t.cable(0, vlan=7)
    t.dnsmasq(root_path="rill://10.99.0.1/image")
    t.server({"image": image}, default=None)
    h = t.host("--once", "--hash", "--vlan", "7", "--handover", block)
    h.wait_for(r"in VLAN 7", 10)
    seen = h.wait_for(r"disk sha256 ([0-9a-f]{64}) bytes (\d+)", 60)
    h.wait_end(10)
    t.expect(seen.group(1) == right, "the disk that was read is not the disk")
    m = t.machine([cable.card(more=",romfile=")], memory_mib=256,
                  more=driverguest.words(t.folder, "rill=auto brief vlan ipv6.disable=1") + driverguest.block_words(block))
    m.wait_for(r"in VLAN 7, and this kernel has no 8021q\. Cure: that module in the initramfs", 120)
    m.wait_for(r"guest: rill-attach failed with 1\n", 20)
    m.wait_for(r"rill-attach: VLAN 7 is entered by vlan7", 60)
    m.wait_for(r"rill-attach: card vlan7 \(52:54:00:99:00:01\): 10\.99\.0\.\d+/24", 20)
    t.expect(m.wait_for(r"guest: brief: sha256 (\w{64})", 60).group(1) == right, "the driver read another disk")
    m.wait_for(r"guest: networks .*mac:52:54:00:99:00:01;interface-name:vlan7", 20)
    t.expect(m.wait_for(r"guest: again /dev/nbd1: sha256 (\w{64})", 60).group(1) == right, "with --keep-network another disk")
    m.wait_end(30)
    port = cable.stop()["port"]
    t.expect(port["wrong_tags"] == 0, "%d frames had not the port's tag" % port["wrong_tags"])
    t.token()
