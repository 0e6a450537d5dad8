# SPDX-License-Identifier: BSD-2-Clause-Patent
"""A 64-bit ARM machine whose firmware is Debian's build of EDK2 for QEMU's `virt` board, in place of a PC of machine.py.

    m = aavmf.start(t, [cable.card(more=aavmf.CARD)])
"""
import os

import machine
from machine import Failed

CODE, VARIABLES = "/usr/share/AAVMF/AAVMF_CODE.fd", "/usr/share/AAVMF/AAVMF_VARS.fd"
CARD = ",romfile=,bootindex=0"


class Arm(machine.Machine):
    def command(self, folder, cards, memory_mib, more, *_):
        for path in (CODE, VARIABLES):
            if not os.path.exists(path):
                raise Failed("%s is not there: make deps, or apt-get install qemu-efi-aarch64" % path)
        # The variables are 64 MiB, nearly all of them empty: they are written to a snapshot, not to a copy.
        return ["qemu-system-aarch64", "-accel", "tcg", "-machine", "virt", "-cpu", "cortex-a57", "-m", str(memory_mib),
                "-nodefaults", "-no-user-config", "-display", "none", "-uuid", machine.UUID,
                "-chardev", "pipe,id=serial,path=%s/serial" % folder, "-serial", "chardev:serial",
                "-monitor", "unix:%s/monitor,server=on,wait=off" % folder,
                "-drive", "if=pflash,format=raw,unit=0,readonly=on,file=" + CODE,
                "-drive", "if=pflash,format=raw,unit=1,snapshot=on,file=" + VARIABLES,
                "-fw_cfg", "name=opt/org.tianocore/IPv6PXESupport,string=n"] + list(cards) + list(more)


def start(t, cards, memory_mib=512):
    keep = [c.end.fileno() for c in t.cables]
    made = Arm(t.folder, sum(cards, []), memory_mib, keep=keep)
    t.running.append(made)
    return made
