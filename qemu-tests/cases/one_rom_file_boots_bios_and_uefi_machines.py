# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The same file in the card of a BIOS machine and of a UEFI machine."""
import optionrom
import secretdisk

LIMIT = 240


def run(t):
    disk = t.folder + "/secret.img"
    secret = secretdisk.make(disk)
    t.dnsmasq(boot_file=None, root_path="rill://10.99.0.1/secret")
    t.server({"secret": disk}, default="secret")
    for firmware in ("bios", "efi"):
        cable = t.cable(len(t.cables))
        m = t.machine([optionrom.card(t, cable, "e1000")], firmware=firmware)
        m.wait_for(r"\ncard 52:54:", 120)
        if firmware == "bios":
            secretdisk.expect_by_bios(t, m, secret)
        else:
            secretdisk.expect(t, m, secret)
        m.stop()
        cable.stop()
