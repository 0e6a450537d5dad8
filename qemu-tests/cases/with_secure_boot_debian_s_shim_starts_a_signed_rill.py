# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Secure Boot is on, and the boot file is Debian's shim, as where machines trust only Microsoft. rill.efi lies beside it under
the name of its second stage, signed; shim finds a key it knows and .sbat in it, Rill gets its disk, and the signed program
on that goes through the LoadImage that shim (from 16 on) has put in the firmware's place."""
import os
import shutil

import efiboot
import secretdisk
import secureboot

LIMIT = 240


def run(t):
    key, disk = secureboot.Key(t.folder), t.folder + "/uefi.img"
    secret = secretdisk.make(disk, key.sign("build/out/secret.efi", t.folder + "/secret.efi"))
    cable = t.cable()
    os.makedirs(t.folder + "/tftp")
    shutil.copy(key.sign_rill(), t.folder + "/tftp/grubx64.efi")
    t.dnsmasq(boot_file="shimx64.efi", files=[efiboot.DEBIAN + "/shimx64.efi"], root_path="rill://10.99.0.1/uefi")
    t.server({"uefi": disk}, default="uefi")
    m = t.machine(firmware="efi-secure", trusts=key.der())
    m.wait_for(r"disk uefi, 64 MiB, session", 120)
    secretdisk.expect(t, m, secret, "on")
    asked = efiboot.files_asked_for(cable)          # which ends the cable
    t.expect(asked[:1] == ["shimx64.efi"] and asked[-1:] == ["grubx64.efi"], "TFTP was asked for %s" % asked)
