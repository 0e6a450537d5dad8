# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Secure Boot is on and rill.efi has no signature, or that of somebody the machine does not know: the firmware says so and
goes on; not one packet of ours is on the cable."""
import pcap
import secureboot

LIMIT = 240


def run(t):
    ours, stranger = secureboot.Key(t.folder), secureboot.Key(t.folder, "stranger")
    signed = stranger.sign("build/out/rill.efi", t.folder + "/stranger.efi")
    for number, path in enumerate(("build/out/rill.efi", signed)):
        cable = t.cable(number)
        dnsmasq = t.dnsmasq(boot_file=path.rsplit("/", 1)[1], files=[path], root_path="rill://10.99.0.1/uefi")
        m = t.machine([cable.card(more=",romfile=,bootindex=0")], firmware="efi-secure", trusts=ours.der())
        m.wait_for(r"NBP file downloaded successfully", 120)
        m.wait_for(r"failed to load Boot\d+ [^\n]*: (Access Denied|Security Violation)", 60)
        m.stop()
        dnsmasq.stop()
        cable.stop()
        t.expect("Rill 0" not in m.text, "it runs all the same")
        seen = pcap.summary(cable.pcap)["types"]
        t.expect(not seen["Tlogin"], "it has logged in")
        t.token()
