# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The streamed disk has a FAT partition, and no \\EFI\\BOOT\\BOOTX64.EFI in it: told on the firmware's console, with the cure."""
import re

import efidisk

LIMIT = 180


def run(t):
    disk = t.folder + "/uefi.img"
    efidisk.make(disk, "build/out/blocks.efi")
    efidisk.delete(disk, "EFI/BOOT/BOOTX64.EFI")
    t.cable()
    t.dnsmasq(boot_file="rill.efi", root_path="rill://10.99.0.1/uefi")
    t.server({"uefi": disk}, default="uefi")
    m = t.machine(firmware="efi")
    m.wait_for(r"Rill \d", 120)
    begin = m.seen
    m.wait_for(r"again in 5 s", 60)
    told = re.sub(r"\n  \d+ requests were sent again", "", m.text[begin:m.seen])          # a busy emulator may make some late
    t.expect_golden("uefi_no_boot_program", "Rill 0" + told.split("again in")[0])
