/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_BIOS_PNP_H
#define FIRMWARE_BIOS_PNP_H
/*
 * The BIOS's "$PnP" structure (Plug and Play BIOS 1.0A, 4.4), which a UNDI's loader is told.
 *
 *     pnp_find(rd_over(memory_bytes + PNP_FROM, PNP_BYTES), &at)      it begins at PNP_FROM + at
 *
 * It is on a multiple of 16, as long as it says, 33 bytes at least, and these add up to 0. Discardable.
 */
#include "lib/bytes.h"

enum { PNP_FROM = 0xf0000, PNP_BYTES = 0x10000 };

bool pnp_find(struct rd bios, uint16_t *at);
#endif
