# SPDX-License-Identifier: BSD-2-Clause-Patent
"""OVMF's own PXE loads rill.efi, which starts \\EFI\\BOOT\\BOOTX64.EFI of the streamed disk: guest/blocks.c, which reads texts
made up a moment ago, cannot have the disk's card, shows the hand-over table, and ends the boot services, after which the disk
answers nothing any more. Its device path, and that of the program, are golden."""
import re
import struct

import blocks
import pcap

LIMIT = 240
MASKS = ((r"GPT,[0-9A-F-]{36}", "GPT,UUID"),)


def run(t):
    disk, cable = blocks.Disk(t.folder, "exit"), t.cable()
    blocks.serve(t, disk)
    m = t.machine(firmware="efi")
    blocks.expect_read(t, m, disk)
    m.wait_for(blocks.GONE, 60)
    m.wait_end(60)
    cable.stop()
    paths = re.findall(r"blocks: ((?:program|path) \S+)\n", m.text)
    t.expect_golden("uefi_paths", "\n".join(paths), MASKS)
    expect_table(t, bytes.fromhex(re.search(r"blocks: table ([0-9a-f]+)\n", m.text).group(1)), cable.pcap)


def expect_table(t, table, path):
    """docs/handover.md: an ACPI head, and the block, of the session that was on the cable."""
    block = table[36:]
    head = (struct.pack("<4sIBB", b"RILL", len(table), 1, table[9]) + b"RILL  HANDOVER" + struct.pack("<I4sI", 1, b"RILL", 1))
    t.expect(table[:36] == head and sum(table) % 256 == 0, "not our table: %s" % table[:36].hex())
    t.expect(block[:8] == b"RILLHAND" and int.from_bytes(block[12:16], "big") == len(block), "not the block: " + block[:20].hex())
    tlvs, at = {}, int.from_bytes(block[10:12], "big")
    while at < len(block):
        kind, size = (int.from_bytes(block[at + n:at + n + 2], "big") for n in (0, 2))
        tlvs[kind & 0x7fff] = block[at + 4:at + 4 + size]
        at += 4 + size
    sessions = pcap.summary(path)["sessions"]["firmware"]
    t.expect(len(sessions) == 1 and int.from_bytes(tlvs[259][:8], "big") in sessions,
             "the table's session is %s, the cable's %s" % (tlvs[259].hex(), sessions))
    t.expect(tlvs[258][:6] == bytes.fromhex("525400990001"), "the table's card is " + tlvs[258].hex())
    t.expect(tlvs[268] == b"\3\0", "the table's UNDI is %s: the firmware said 3.0 to DHCP" % tlvs[268].hex())
    requests = int.from_bytes(tlvs[26][8:12], "big")
    t.expect(requests >= 256, "the table has not followed the block: it knows of %d requests" % requests)
    t.expect(263 not in tlvs, "there is no INT 13h here, and the table has a drive")
    t.token()
