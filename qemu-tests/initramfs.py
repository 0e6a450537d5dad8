# SPDX-License-Identifier: BSD-2-Clause-Patent
"""An initramfs, written without root.

    cpio([("init", PROGRAM, data), ("sh", LINK, b"busybox"), ("bin", FOLDER, b"")])    an archive (newc)

The kernel unpacks several of them that stand one after the other, each plain or compressed.
"""
import stat

PROGRAM, FILE = stat.S_IFREG | 0o755, stat.S_IFREG | 0o644
FOLDER, LINK = stat.S_IFDIR | 0o755, stat.S_IFLNK | 0o777


def cpio(entries):
    out = b""
    for inode, (name, mode, data) in enumerate(entries + [("TRAILER!!!", 0, b"")], 1):
        fields = (inode, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0)
        out += b"070701" + b"".join(b"%08X" % f for f in fields) + name.encode() + b"\0"
        out += bytes(-len(out) % 4) + data
        out += bytes(-len(out) % 4)
    return out
