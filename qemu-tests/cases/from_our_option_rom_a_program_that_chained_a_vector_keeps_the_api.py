# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The program that our ROM chains has put a handler of its own before the API's INT 1Ah: it cannot be unloaded (KEEP_UNDI,
KEEP_ALL), and when the program returns nothing of it goes. The next device is told of the memory without ours, by our INT 15h."""
import re

import optionrom
from dosdisk import assemble

LIMIT = 90


def run(t):
    cable, disk, program = t.cable(), optionrom.map_disk(t.folder, 1), t.folder + "/stays.0"
    assemble("returns", program, "-DSTAYS")
    t.dnsmasq(boot_file="stays.0", files=[program])
    m = t.machine([optionrom.card(t, cable, "virtio-net-pci")], disk)
    kb = m.wait_for(r"returns: 12 (\w{4}) ", 60).group(1)
    said = m.wait_for(r" stays (\w{4} \w{4}) stays (\w{4} \w{4})\s", 10).groups()
    t.expect(said == ("0001 0004", "0001 0005"), "STOP_UNDI and UNLOAD_STACK gave %s" % (said,))
    m.wait_for(r"returns: back", 10)
    _, told = optionrom.at_map_disk(m)
    t.expect("12 " + kb in told, "while it ran INT 12h said %s KiB, then is told %s" % (kb, told))
    found = re.findall(r"e820 (\w{8})(\w{8})(\w{8})(\w{8})(\w{8})", "\n".join(told))
    reserved = [int(low, 16) for low, _, _, _, kind in found if int(kind, 16) == 2]
    t.expect(int(kb, 16) << 10 in reserved, "the block is not reserved: %s" % told)
    ours = [int(size, 16) for low, _, size, _, kind in found if int(kind, 16) == 2 and (1 << 20) < int(low, 16) < (512 << 20)]
    t.expect(max(ours) > 4 << 20, "the image is not reserved: %s" % told)
    t.token()
