# SPDX-License-Identifier: BSD-2-Clause-Patent
"""guest/efi/blockio_check.c, started from a disk at three of OVMF's own drivers: each check holds with the SCSI or the AHCI
driver, which are right but for what is named here, and virtio-blk's, which looks at no media id, is found out. So no check
fails always, and those that matter most can fail."""
import re

import blockio

LIMIT = 300

# What fails, all of it, and nothing else.
KNOWN = {
    # VirtioScsiDxe cannot reset its bus.
    "scsi": r"(disk|partition)\.reset\.extended(_by_block_io2)?",
    # AtaBusDxe adds before it compares; then its controller waits for ever for blocks that are not there.
    "ahci": r"disk\.(read|write)\w*\.lba_sum_wraps|stuck",
    # VirtioBlkDxe does not look at media id and buffer, takes 1 GiB at most, and waits for ever where it is called in a call.
    "virtio_read_only": r"(disk|partition)\.\w+\.(media_id_\w+|buffer_null\w*|size_longest)|stuck",
}


def run(t):
    held = {how: boot(t, how) for how in KNOWN}
    never = (held["scsi"][1] | held["ahci"][1]) - held["scsi"][0] - held["ahci"][0] - {"stuck"}
    t.expect(not never, "nobody passes these: %s" % sorted(never))
    found = held["virtio_read_only"][1]
    wanted = {name for name in held["ahci"][0]
              if re.fullmatch(r"\w+\.(read|write|disk_io)\.media_id_\w+", name)}
    t.expect(len(wanted) >= 30 and wanted <= found, "virtio-blk passes %s" % sorted(wanted - found))


def boot(t, how):
    disk = blockio.Disk(t.folder, how)
    m = t.machine(more=blockio.attached(disk, how), firmware="efi")
    good, failed = blockio.outcome(t, m, disk)
    unknown = sorted(name for name in failed if not re.fullmatch(KNOWN[how], name))
    t.expect(failed and not unknown, "%s fails %s" % (how, "; ".join("%s: %s" % (n, failed[n]) for n in unknown)))
    t.expect(("stuck" in failed) == ("stuck" in KNOWN[how]), "%s: stuck after %s" % (how, failed.get("stuck")))
    m.stop()
    return good, set(failed)
