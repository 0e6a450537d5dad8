# SPDX-License-Identifier: BSD-2-Clause-Patent
"""rilld is not there."""
import picture

LIMIT = 180


def run(t):
    picture.take(t, "rill_e04", root_path="rill://10.99.0.1/debian")
