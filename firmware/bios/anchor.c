/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/bios/anchor.h"
#include "firmware/bios/low.h"

enum { SCAN_FROM = 0xf0000, SCAN_TO = 0x100000 };

bool anchor_find(struct smbios_table *t)
{
	for (uint32_t at = SCAN_FROM; at + SMBIOS_ANCHOR_BYTES <= SCAN_TO; at += 16)
		if (smbios_anchor(memory_bytes + at, t))
			return true;
	return false;
}
