# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The variable RillConfig names another disk than the image's block, and another policy; the rest stays the block's."""
import subprocess

import efiboot

LIMIT = 180
VENDOR = "6a1d2f4e-93b7-4c58-8e0b-52494c4c0001"


def run(t):
    t.cable()
    ours, variable = efiboot.configured(t, "--uri", "rill://10.99.0.1/debian", "--verbosity", "2"), t.folder + "/RillConfig"
    subprocess.run(["build/out/rill-config", "--variable", variable, "--uri", "rill://10.99.0.1/windows-95",
                    "--policy", "next"], check=True)
    t.dnsmasq(boot_file="rill.efi", files=[ours])
    t.server()
    m = t.machine(firmware="efi", variable=(VENDOR, "RillConfig", variable))
    m.wait_for(r"offer from 10\.99\.0\.1", 120)                       # only with the block's verbosity
    m.wait_for(r"plan: the configuration block", 30)
    m.wait_for(r"  \d+\.\d+ <- Rdeny, \d+ bytes from 10\.99\.0\.1:6910", 30)
    m.wait_for(r"RILL-E05(?s:.*)windows-95(?s:.*)next boot device in 10 s", 30)
    m.wait_for(r"PXE-M0F: Exiting PXE ROM\.", 30)
    m.wait_for(r"failed to (start|load) Boot\d+ ", 30)                 # and OVMF goes on with its list
    t.token()
