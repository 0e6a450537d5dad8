# SPDX-License-Identifier: BSD-2-Clause-Patent
"""OVMF's own PXE loads rill.efi, which starts \\EFI\\BOOT\\BOOTX64.EFI of the streamed disk: guest/blocks.c, which reads texts
made up a moment ago, asks Block IO and Block IO 2 every question of the conformance tests, shows the hand-over table, and ends
the boot services, after which the disk answers nothing any more."""
import re
import secrets

import efidisk
import ovmf
import pcap

LIMIT = 240
PATH = r"MAC\(525400990001,0x\w+\)/Uri\(rill://10\.99\.0\.1:6910/uefi\)"


def run(t):
    disk, near, far = t.folder + "/uefi.img", secrets.token_hex(12), secrets.token_hex(12)
    last = efidisk.BYTES // efidisk.SECTOR - 1
    efidisk.make(disk, "build/out/blocks.efi", {
        100: near.encode().ljust(32, b"\0") + b"exit", last - 200: far.encode() + b"\0"})
    cable = t.cable()
    t.dnsmasq(boot_file="rill.efi", files=["build/out/rill.efi"], root_path="rill://10.99.0.1/uefi")
    t.server({"uefi": disk}, default="uefi")
    m = t.machine([cable.card(more=ovmf.CARD)], ovmf.words(t.folder))
    path = m.wait_for(r"blocks: path (\S+)\n", 120).group(1)
    t.expect(re.fullmatch(r"PciRoot\(0x0\)/Pci\(0x\w+,0x0\)/" + PATH, path), "the disk's device path is " + path)
    seen = m.wait_for(r"blocks: callback (\w+)\n", 60).group(1)
    t.expect(seen == far, "at TPL_CALLBACK it read %s, not %s" % (seen, far))
    table = bytes.fromhex(m.wait_for(r"blocks: table ([0-9a-f]+)\n", 60).group(1))
    asked, wrong = m.wait_for(r"blocks: asked (\w+) wrong (\w+)\n", 60).groups()
    t.expect(int(asked, 16) > 30 and wrong == "0000", "%s of %s answers are wrong:\n%s" % (wrong, asked, m.last_words()))
    seen = m.wait_for(r"blocks: secret (\w+)\n", 60).group(1)
    t.expect(seen == near, "it read %s, not %s" % (seen, near))
    m.wait_for(r"blocks: gone, all is an error", 60)
    m.wait_end(60)
    t.token()
    cable.stop()
    expect_table(t, table, cable.pcap)


def expect_table(t, table, path):
    """docs/handover.md: an ACPI head, and the block, of the session that was on the cable."""
    t.expect(table[:4] == b"RILL" and table[10:24] == b"RILL  HANDOVER", "not our table: %s" % table[:36].hex())
    block = table[36:]
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
    requests = int.from_bytes(tlvs[26][8:12], "big")
    t.expect(requests >= 256, "the table has not followed the block: it knows of %d requests" % requests)
    t.expect(263 not in tlvs, "there is no INT 13h here, and the table has a drive")
    t.token()
