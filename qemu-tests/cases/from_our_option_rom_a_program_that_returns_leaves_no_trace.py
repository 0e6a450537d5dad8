# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The program that our ROM chains calls the API by either entry, and returns. Before that less base memory was told; after it
the BIOS goes on with its disk, whose boot sector stops: memory map and first MiB are those of a machine whose card has no ROM,
but for what is named. So it is after a program that says INT 18h, but for where programs come to lie: nobody returns then who
could put that back; and after one that has zeroed all memory below itself, the BIOS's stack with it, but for that memory."""
import optionrom
from dosdisk import assemble

LIMIT = 200
LOAD = 0x7E00                           # the boot sector before it is the disk's by then
WIPED, WIPED_END = 0x500, 0x7C00        # guest/returns.asm's, with WIPES


def run(t):
    disk = optionrom.map_disk(t.folder, 1)
    programs = []
    for name, words in (("returns", []), ("says18", ["-DINT_18"]), ("wipes", ["-DWIPES"])):
        programs.append("%s/%s.0" % (t.folder, name))
        assemble("returns", programs[-1], *words)
    cables = [t.cable(n) for n in range(len(programs))]
    m = t.machine([cables[0].card("virtio-net-pci", ",bootindex=0,romfile=")], disk)
    without = optionrom.at_map_disk(m)
    m.stop()
    for cable, program in zip(cables, programs):
        dnsmasq = t.dnsmasq(boot_file=program.rsplit("/", 1)[1], files=[program])
        m = t.machine([optionrom.card(t, cable, "virtio-net-pci")], disk)
        kb, *said = m.wait_for(r"returns: 12 (\w{4}) 1a (\w{4}) bang (\w{4}) (\w{4}) env (\w{4}) (\w{4})\s", 60).groups()
        t.expect(int(kb, 16) << 10 <= optionrom.EBDA - (48 << 10), "while it runs INT 12h says %s KiB" % kb)
        t.expect(said == ["564e", "0000", "0000", "0000", "0000"], "its calls gave %s" % said)
        memory, told = optionrom.at_map_disk(m)
        if "returns: back" not in m.text:
            memory = memory[:LOAD] + without[0][LOAD:int(kb, 16) << 10] + memory[int(kb, 16) << 10:]
        if "wipes" in program:
            memory = memory[:WIPED] + without[0][WIPED:WIPED_END] + memory[WIPED_END:]
        optionrom.expect_no_trace(t, optionrom.in_upper_memory(m), without, (memory, told))
        m.stop()
        dnsmasq.stop()
