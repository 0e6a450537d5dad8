# SPDX-License-Identifier: BSD-2-Clause-Patent
"""One machine that goes on trying: no boot file, then one that is not there, then a disk that is not there. Each screen is,
from step `link` on, the one of docs/pictures, whose machine failed for the first time (qemu-tests/scenes)."""
import picture
import tftp

LIMIT = 240


def again(t, before, *more):
    """What Rill is told from now on."""
    before.stop()
    return t.dnsmasq(boot_file=None, tftp=False, more=picture.FOR_RILL + list(more))


def run(t):
    cable = t.cable()
    dnsmasq = t.dnsmasq(boot_file=None, tftp=False, more=picture.FOR_RILL + ["--dhcp-boot=tag:!rill,rill.kpxe"])
    tftp.Atftpd(t)
    with open(t.folder + "/empty.img", "wb") as f:
        f.truncate(1 << 20)
    t.server({"debian": t.folder + "/empty.img"}, default=None)
    m = t.machine([cable.card(more=",bootindex=0")], memory_mib=64)
    picture.failed(t, m, "pxe_e53")
    dnsmasq = again(t, dnsmasq, "--dhcp-boot=tag:rill,boot/missing.0")
    picture.failed(t, m, "pxe_e3b")
    again(t, dnsmasq, "--dhcp-option=tag:rill,option:root-path,rill://10.99.0.1/windows-95")
    picture.failed(t, m, "rill_e05")
