# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Our driver in the card's ROM, and its boot option: nothing is fetched, no boot file is named; the disk is there, and is gone
when the boot services end. e1000 and e1000e, and virtio-net, whose own driver OVMF has: the card's ROM comes first."""
import blocks
import optionrom
import pcap

LIMIT = 400


def run(t):
    disk = blocks.Disk(t.folder, "exit")
    t.dnsmasq(boot_file=None, root_path="rill://10.99.0.1/uefi")
    t.server({"uefi": disk.path}, default="uefi")
    for model, named in (("e1000", "e1000"), ("e1000e", "e1000e"), ("virtio-net-pci", "virtio-net")):
        cable = t.cable(len(t.cables))
        m = t.machine([optionrom.card(t, cable, model)], firmware="efi")
        m.wait_for(r"card 52:54:\S+, %s\b" % named, 120)
        m.wait_for(r"%s: our own driver; \d+ frames in" % named, 120)
        blocks.expect_read(t, m, disk)
        m.wait_for(blocks.GONE, 60)
        m.wait_end(60)
        m.stop()
        cable.stop()
        asked = [s for s in pcap.summary(cable.pcap)["steps"] if s.startswith("TFTP")]
        t.expect(not asked, "%s: a file was asked for: %s" % (model, asked))
