# SPDX-License-Identifier: BSD-2-Clause-Patent
"""rill.efi starts guest/efi/blockio_check.c from a streamed disk of random contents: Block IO, Block IO2 and Disk IO of the
disk and of its partition are as UEFI's chapters want them, and what was read and written is the image, to the last bit."""
import blockio

LIMIT = 400


def run(t):
    disk = blockio.Disk(t.folder)
    t.cable()
    t.dnsmasq(boot_file="rill.efi", root_path="rill://10.99.0.1/check")
    t.server({"check": disk.path}, default="check")
    m = t.machine(firmware="efi")
    m.wait_for(r"card 52:54:00:99:00:01, virtio-net", 150)
    blockio.expect_all(t, m, disk)
