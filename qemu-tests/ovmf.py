# SPDX-License-Identifier: BSD-2-Clause-Patent
"""What makes a machine of machine.py a UEFI one: Debian's OVMF, with variables of its own.

    t.machine([cable.card(more=ovmf.CARD)], ovmf.words(t.folder))
"""
import os
import shutil

from machine import Failed

CODE, VARIABLES = "/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd"

# The firmware's own driver and PXE, not the ROM of the card; and nothing else is tried before.
CARD = ",romfile=,bootindex=0"


def words(folder):
    if not os.path.exists(CODE):
        raise Failed("%s is not there: make deps, or apt-get install ovmf" % CODE)
    shutil.copy(VARIABLES, folder + "/variables.fd")
    return ["-fw_cfg", "name=opt/org.tianocore/IPv6PXESupport,string=n",
            "-drive", "if=pflash,format=raw,unit=0,readonly=on,file=" + CODE,
            "-drive", "if=pflash,format=raw,unit=1,file=%s/variables.fd" % folder]
