# SPDX-License-Identifier: BSD-2-Clause-Patent
"""What Neutron's DHCP agent has its dnsmasq say: option 26, and routes in 121 and 249, of which one leads to the disk, and the
default route and option 3 to nobody. Larger packets than 1450 bytes are lost on the way, without a word."""
import socket
import time

import network
import pcap
import secretdisk

LIMIT = 120
MTU = 1450
ROUTES = "169.254.169.254/32,10.99.0.1,10.98.0.0/24,10.99.0.1,0.0.0.0/0,10.99.0.254"
NEUTRON = ["--dhcp-option-force=option:mtu,%d" % MTU, "--dhcp-option=option:classless-static-route," + ROUTES,
           "--dhcp-option=249," + ROUTES, "--dhcp-option=option:router,10.99.0.254", "--dhcp-option=option:dns-server,10.99.0.1",
           "--domain=openstacklocal", "--tftp-mtu=%d" % MTU]
HEADS, TAG = 28, 4
NOBODY, PORT = "10.99.0.200", 9


def run(t):
    disk = t.folder + "/uefi.img"
    secret = secretdisk.make(disk)
    for mtu in (1499, 1500):            # a bridge that was never told its MTU takes its smallest card's, and speaks of it
        network.ip("link", "set", "br0", "mtu", str(mtu))
    far = t.neighbour("far", "10.98.0.2/24", ours="10.98.0.1/24")
    t.dnsmasq(efi_file="rill.efi", root_path="rill://10.98.0.2/uefi", more=NEUTRON)
    t.server({"uefi": disk}, default=None, listen="10.98.0.2", host=far)
    secretdisk.expect_both(t, secret, r"plan: option 17", prepare=narrow)
    for cable in t.cables:
        largest = max(len(p.payload) + HEADS for p in pcap.Pcap(cable.pcap) if p.source == "10.98.0.2")
        t.expect(MTU - 64 <= largest <= MTU, "the disk's largest packet has %d bytes" % largest)
        t.expect(sizes_of_probes(cable) == {MTU}, "of %d and %d bytes these came through: %s" % (
            MTU, MTU + 1, sizes_of_probes(cable)))


def sizes_of_probes(cable):
    return {len(p.payload) + HEADS for p in pcap.Pcap(cable.pcap) if p.target_port == PORT}


def narrow(cable):
    """The bridge loses what is too large for one of its cards, but leaves room for a VLAN's tag. Two packets show it."""
    network.ip("link", "set", "tap%d" % cable.number, "mtu", str(MTU - TAG))
    network.ip("neigh", "replace", NOBODY, "lladdr", "52:54:00:99:00:%02x" % (cable.number + 1), "dev", "br0")
    until = time.time() + 5
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        while not sizes_of_probes(cable) and time.time() < until:
            for size in (MTU + 1, MTU):
                s.sendto(bytes(size - HEADS), (NOBODY, PORT))
            time.sleep(0.1)
