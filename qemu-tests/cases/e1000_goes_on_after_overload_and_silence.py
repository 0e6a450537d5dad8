# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Floods, a silent server, a pulled cable, a while without any call: afterwards it reads on. `make soak` does the same with
each card, longer."""
import soak

LIMIT = 180


def run(t):
    soak.overload(t, "e1000", 24, longest=3)
