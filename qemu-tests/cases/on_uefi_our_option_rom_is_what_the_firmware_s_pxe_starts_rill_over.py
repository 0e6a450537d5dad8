# SPDX-License-Identifier: BSD-2-Clause-Patent
"""e1000 and e1000e, for which OVMF has no driver, with ours in their ROM. The boot option that it brings comes first, finds no
server, and Esc ends it. Then the firmware's own PXE gets an address and fetches rill.efi over our SNP; that boots the disk."""
import blocks
import optionrom

LIMIT = 400


def run(t):
    disk = blocks.Disk(t.folder, "exit")
    t.dnsmasq(boot_file="rill.efi", root_path="rill://10.99.0.1/uefi")
    for model in ("e1000", "e1000e"):
        cable = t.cable(len(t.cables))
        m = t.machine([optionrom.card(t, cable, model)], firmware="efi")
        m.wait_for(r"card 52:54:\S+, %s\b" % model, 120)
        m.wait_for(r"logging in to 10\.99\.0\.1:6910", 60)
        m.send("\33")
        m.wait_for(r"PXE-M0F: Exiting PXE ROM\.\n", 30)
        m.wait_for(r'failed to (start|load) Boot\d+ "[^"]*Rill"', 30)
        server = t.server({"uefi": disk.path}, default="uefi")
        m.wait_for(r">>Start PXE over IPv4[^\n]*\n\s*Station IP address is 10\.99\.0\.", 60)
        m.wait_for(r"card 52:54:\S+, snp\b", 60)
        blocks.expect_read(t, m, disk)
        m.wait_for(blocks.GONE, 60)
        m.wait_end(60)
        m.stop()
        server.stop()
        cable.stop()
