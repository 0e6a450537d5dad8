# SPDX-License-Identifier: BSD-2-Clause-Patent
"""GRUB, from the streamed disk, reads a file, wants the card for itself (net_bootp opens SNP exclusively), is refused, or finds
none where Rill drives the card itself, and reads another file as if nothing had happened."""
import secrets
import subprocess

import efiboot
import efidisk

LIMIT = 240
MODULES = ("normal", "part_gpt", "fat", "efinet", "net", "echo", "cat", "halt", "search", "search_fs_file", "configfile", "true")
CONFIG = """search --file --set=root /before.txt
echo
cat /before.txt
net_bootp
echo "grub: that was net_bootp"
cat /after.txt
halt
"""


def run(t):
    disk, grub, config = t.folder + "/uefi.img", t.folder + "/grub.efi", t.folder + "/grub.cfg"
    secret = {name: secrets.token_hex(12) for name in ("before", "after")}
    with open(config, "w") as f:
        f.write(CONFIG)
    subprocess.run(["grub-mkimage", "-O", "x86_64-efi", "-p", "/", "-c", config, "-o", grub, *MODULES], check=True)
    efidisk.make(disk, grub)
    for name, text in secret.items():
        with open("%s/%s.txt" % (t.folder, name), "w") as f:
            f.write("grub: %s %s\n" % (name, text))
        efidisk.put(disk, f.name, name + ".txt")
    t.cable()
    t.dnsmasq(boot_file="rill.efi", root_path="rill://10.99.0.1/uefi", files=[efiboot.configured(t)])
    t.server({"uefi": disk}, default="uefi")
    for driver, told in (("any", "no network card found"), ("snp", "couldn't autoconfigure efinet0")):
        subprocess.run(["build/out/rill-config", t.folder + "/tftp/rill.efi", "--driver", driver], check=True)
        m = t.machine(firmware="efi")
        for name in ("before", "after"):
            seen = m.wait_for(r"grub: %s (\w+)\n" % name, 120).group(1)
            t.expect(seen == secret[name], "GRUB read %s, not %s" % (seen, secret[name]))
            t.expect(name == "before" or told in m.text, "GRUB did not say: " + told)
        m.wait_end(60)
        m.stop()
    t.token()
