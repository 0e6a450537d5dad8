# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The ROMs that are shipped, one for each of QEMU's cards: nobody has a boot file for these machines, and nobody is asked for
one by TFTP. Each is started from the second of two cards, and the first hears nothing."""
import optionrom
import pcap
import secretdisk

LIMIT = 240
CARDS = (("virtio-net-pci", "1af4:1000", "virtio-net"), ("virtio-net-pci,disable-legacy=on", "1af4:1041", "virtio-net"),
         ("e1000", "8086:100e", "e1000"), ("e1000e", "8086:10d3", "e1000e"))


def run(t):
    disk = t.folder + "/secret.img"
    secret = secretdisk.make(disk)
    t.dnsmasq(boot_file=None)
    t.server({"other": "build/out/rill.img", "secret": disk}, default="other")
    for nic, id_, named in CARDS:
        rom = optionrom.product(t.folder, id_, "--uri", "rill://10.99.0.1/secret")
        other, cable = t.cable(len(t.cables)), t.cable(len(t.cables))
        m = t.machine([c.card(nic, ",addr=%d,bootindex=%d,romfile=%s" % (7 + n, 1 - n, rom))
                       for n, c in enumerate((other, cable))])
        m.wait_for(r"\ncard 52:54:00:99:00:%02x, %s\b" % (cable.number + 1, named), 60)
        m.wait_for(r"plan: the configuration block", 60)
        secretdisk.expect_by_bios(t, m, secret)
        cable.stop()
        other.stop()
        asked = [s for s in pcap.summary(cable.pcap)["steps"] if s.startswith("TFTP")]
        t.expect(not asked, "a TFTP server was asked: %s" % asked)
        t.expect(not pcap.summary(other.pcap)["types"], "the other card carried %s" % dict(pcap.summary(other.pcap)["types"]))
