# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Our driver in the ROM of a virtio-net: its boot option boots Debian from the streamed disk to the login prompt; no file is
fetched on the way."""
import optionrom
import pcap

LIMIT = 400


def run(t):
    cable = t.cable()
    t.dnsmasq(boot_file=None, root_path="rill://10.99.0.1/debian")
    t.server()
    m = t.machine([optionrom.card(t, cable, "virtio-net-pci")], firmware="efi")
    m.wait_for(r"card 52:54:00:99:00:01, virtio-net\b", 120)
    t.expect_boot(m)
    asked = [s for s in pcap.summary(cable.pcap)["steps"] if s.startswith("TFTP")]
    t.expect(not asked, "a file was asked for: %s" % asked)
