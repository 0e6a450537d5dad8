# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The program that starts rill.efi (guest/held.c) keeps the SNP of the card open for itself alone: Rill drives the UNDI below it,
without being told to. When the boot program has returned, that SNP is initialized, as it was, with the filters it had."""
import blocks
import efiboot

LIMIT = 240


def run(t):
    disk, cable = blocks.Disk(t.folder, "return"), t.cable()
    t.dnsmasq(boot_file="held.efi", files=["build/out/held.efi", "build/out/rill.efi"], root_path="rill://10.99.0.1/uefi")
    t.server({"uefi": disk.path}, default="uefi")
    m = t.machine([cable.card("e1000", ",bootindex=0")], firmware="efi")
    before = m.wait_for(r"held: before (state 2 \w+)\n", 150).group(1)
    m.wait_for(r"somebody keeps the card's SNP to himself \(OpenProtocol: status 15\): its UNDI is driven instead", 30)
    efiboot.expect_calls(t, m, "undi 3.1")
    blocks.expect_read(t, m, disk)
    after = m.wait_for(r"held: after ([^\n]*)\n", 60).group(1)
    t.expect(after == before, "the SNP was in %s, and is now in %s" % (before, after))
