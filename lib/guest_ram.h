/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LIB_GUEST_RAM_H
#define LIB_GUEST_RAM_H
/*
 * The memory of a real-mode caller as a bounded window: what serves his calls reaches nothing else.
 *
 *     at = guest_at(&ram, r->es, r->bx, bytes);        NULL: some of it is not his
 *     at = guest_flat(&ram, address, bytes);           the same for a physical address
 *
 * So a wild pointer is an error status, and the same code that serves a real
 * machine runs on the host against a byte array. Whoever makes the window owns it.
 */
#include "lib/types.h"

/* Physical addresses 0 to size - 1 of the caller, at base; of these, hole_size bytes from hole are ours, not his. */
struct guest_ram { uint8_t *base; uint64_t size, hole, hole_size; };

/* len bytes of the caller's memory, or NULL if any lies outside it, or in what is ours. */
static inline uint8_t *guest_flat(const struct guest_ram *ram, uint64_t at, uint64_t len)
{
	if (at > ram->size || len > ram->size - at)
		return NULL;
	if (ram->hole_size && at < ram->hole + ram->hole_size && at + len > ram->hole)
		return NULL;
	return ram->base + (size_t)at;
}

/* How many bytes from there on are the caller's; 0: none. */
static inline uint64_t guest_room(const struct guest_ram *ram, uint64_t at)
{
	uint64_t end = ram->size;

	if (ram->hole_size && at < ram->hole + ram->hole_size)
		end = min_u64(end, ram->hole);
	return at < end ? end - at : 0;
}

static inline uint8_t *guest_at(const struct guest_ram *ram, uint16_t seg, uint16_t off, uint64_t len)
{
	return guest_flat(ram, (uint64_t)seg * 16 + off, len);
}
#endif
