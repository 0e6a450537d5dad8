/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/bios/pnp.h"
#include "undi/rom_id.h"

enum { STEP = 16, SHORTEST = 33 };

/* Signature[4] version length ... */
static bool begins(struct rd r)
{
	struct rd whole = r;
	size_t length;

	if (!rd_is(&r, "$PnP", 4))
		return false;
	rd_skip(&r, 1);
	length = rd_u8(&r);
	return length >= SHORTEST && rom_adds_up(rd_sub(&whole, length));
}

bool pnp_find(struct rd bios, uint16_t *at)
{
	for (*at = 0; rd_left(&bios); rd_skip(&bios, STEP), *at = (uint16_t)(*at + STEP))
		if (begins(bios))
			return true;
	return false;
}
