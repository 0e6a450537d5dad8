# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The same file in the card of a BIOS machine and of a UEFI machine, not split, as it is shipped, and split."""
import optionrom
import secretdisk

LIMIT = 240


def run(t):
    disk = t.folder + "/secret.img"
    secret = secretdisk.make(disk)
    t.dnsmasq(boot_file=None, root_path="rill://10.99.0.1/secret")
    t.server({"secret": disk}, default="secret")
    split = optionrom.make(t.folder, "8086:10d3", "build/out/rill.kpxe", split=True, efi="build/out/rill-rom-x64.efi")
    for model, rom in (("e1000", optionrom.product(t.folder, "8086:100e")), ("e1000e", split)):
        for firmware in ("bios", "efi"):
            cable = t.cable(len(t.cables))
            m = t.machine([cable.card(model, ",bootindex=0,romfile=" + rom)], firmware=firmware)
            m.wait_for(r"\ncard 52:54:", 120)
            if firmware == "bios":
                secretdisk.expect_by_bios(t, m, secret)
            else:
                secretdisk.expect(t, m, secret)
            m.stop()
            cable.stop()
