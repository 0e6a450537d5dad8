# SPDX-License-Identifier: BSD-2-Clause-Patent
"""A virtio-net with Rill in its ROM, and nothing else: no drive, no boot file, no TFTP server."""
import optionrom


def run(t):
    cable = t.cable()
    t.dnsmasq(boot_file=None, root_path="rill://10.99.0.1/debian", tftp=False)
    t.server()
    m = t.machine([cable.card(more=",bootindex=0,romfile=" + optionrom.product(t.folder, "1af4:1000"))])
    t.expect_boot(m)
