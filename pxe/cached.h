/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef PXE_CACHED_H
#define PXE_CACHED_H
/*
 * The packets of DHCP that a program may ask for: DISCOVER, ACK, and the reply of proxy or boot server.
 *
 *     pxe_cached_init(&c, rooms, rooms_at)             three rooms in base memory, the caller's
 *     pxe_cached_set(&c, PXE_CACHED_ACK, packet)       each that there is, as it went over the wire
 *
 * A room has exactly 1260 bytes, and programs keep pointers into it: WinPE's writes as much as we say. A packet
 * that is longer loses its last options whole, and ends with option 255. Without a reply the ACK is given as that.
 */
#include "lib/bytes.h"
#include "undi/pxe_api.h"

enum { PXE_CACHED_COUNT = 3 };

struct pxe_cached {
	uint8_t (*rooms)[PXE_CACHED_BYTES];
	struct pxe_far at;              /* of the first; the others follow */
	bool there[PXE_CACHED_COUNT];
};

void pxe_cached_init(struct pxe_cached *c, uint8_t (*rooms)[PXE_CACHED_BYTES], struct pxe_far at);
void pxe_cached_set(struct pxe_cached *c, unsigned packet, struct rd bytes);
#endif
