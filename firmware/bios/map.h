/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_BIOS_MAP_H
#define FIRMWARE_BIOS_MAP_H
/*
 * The memory map with our ranges in it, and the three older answers made from it.
 *
 *     map_reserve(map, count, room, from, bytes)      cut a range out as reserved (type 2)
 *     map_answers(map, count)                         what E801h, 88h and DA88h have to say
 *
 * Pure functions over a table, tested on the host.
 */
#include "lib/types.h"

struct map_entry { uint64_t base, bytes; uint32_t type, attributes; };
enum { MAP_USABLE = 1, MAP_RESERVED = 2 };

struct map_answers { uint16_t e801_ax, e801_bx, kb_88; uint32_t kb_da88; };

/* The new count, or 0 if the table has no room: then nothing may be started. */
unsigned map_reserve(struct map_entry *map, unsigned count, unsigned room, uint64_t from, uint64_t bytes);
struct map_answers map_answers(const struct map_entry *map, unsigned count);
#endif
