# SPDX-License-Identifier: BSD-2-Clause-Patent
"""DHCP names a disk that rilld does not have."""
import picture

LIMIT = 180


def run(t):
    with open(t.folder + "/empty.img", "wb") as f:
        f.truncate(1 << 20)
    t.server({"debian": t.folder + "/empty.img"}, default=None)
    picture.take(t, "rill_e05", root_path="rill://10.99.0.1/windows-95")
