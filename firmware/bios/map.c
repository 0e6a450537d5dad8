/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/bios/map.h"

#define MIB 0x100000u

static unsigned insert(struct map_entry *map, unsigned count, unsigned at, uint64_t base, uint64_t end, uint32_t type)
{
	memmove(map + at + 1, map + at, (count - at) * sizeof *map);
	map[at] = (struct map_entry){ .base = base, .bytes = end - base, .type = type, .attributes = 1 };
	return count + 1;
}

/* Usable entries lose what overlaps; one reserved entry is added. Other types stay as they are. */
unsigned map_reserve(struct map_entry *map, unsigned count, unsigned room, uint64_t from, uint64_t bytes)
{
	uint64_t to = from + bytes;
	unsigned at = 0;

	for (unsigned i = 0; i < count; i++) {
		uint64_t base = map[i].base, end = base + map[i].bytes;

		if (map[i].type != MAP_USABLE || end <= from || base >= to)
			continue;
		if (count + 2 > room)
			return 0;
		if (base < from && end > to) {
			map[i].bytes = from - base;
			count = insert(map, count, i + 1, to, end, MAP_USABLE);
		} else if (base < from) {
			map[i].bytes = from - base;
		} else if (end > to) {
			map[i].base = to;
			map[i].bytes = end - to;
		} else {
			map[i].type = MAP_RESERVED;     /* wholly ours, or less */
		}
	}
	if (count + 1 > room)
		return 0;
	while (at < count && map[at].base < from)
		at++;
	return insert(map, count, at, from, to, MAP_RESERVED);
}

/* Usable bytes from `start` on without a hole. */
static uint64_t run_from(const struct map_entry *map, unsigned count, uint64_t start)
{
	uint64_t end = start;

	for (unsigned turns = 0; turns < count; turns++) {
		uint64_t before = end;

		for (unsigned i = 0; i < count; i++)
			if (map[i].type == MAP_USABLE && map[i].base <= end && map[i].base + map[i].bytes > end)
				end = map[i].base + map[i].bytes;
		if (end == before)
			break;
	}
	return end - start;
}

struct map_answers map_answers(const struct map_entry *map, unsigned count)
{
	uint64_t above_1m = run_from(map, count, MIB), above_16m;
	struct map_answers a = { 0 };

	above_1m = min_u64(above_1m, 0xffffffffu - MIB);
	a.kb_da88 = (uint32_t)above_1m >> 10;
	a.kb_88 = (uint16_t)min_u64(a.kb_da88, 0xfc00);         /* 63 MiB: what old BIOSes say at most */
	a.e801_ax = (uint16_t)min_u64(a.kb_da88, 15 * 1024);
	above_16m = above_1m > 15 * MIB ? above_1m - 15 * MIB : 0;
	a.e801_bx = (uint16_t)((uint32_t)above_16m >> 16);
	return a;
}
