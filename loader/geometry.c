/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "loader/geometry.h"

/* An entry of the partition table; CHS: head, sector with cylinder's bits 8 and 9 above it, cylinder. */
struct entry { uint8_t active, first[3], type, last[3]; uint32_t lba, sectors; };
_Static_assert(sizeof(struct entry) == 16 && offsetof(struct entry, lba) == 8, "partition table");
enum { TABLE_AT = 446, ENTRIES = 4, TYPE_NONE = 0, TYPE_GPT = 0xee };

/* What BIOSes translate to, the most usual first: it wins where several agree. */
static const uint16_t usual_heads[] = { GEOMETRY_HEADS, 16, 32, 64, 128, 240 };

static struct geometry with_heads(uint64_t sectors, uint16_t heads)
{
	uint32_t cylinder = (uint32_t)heads * GEOMETRY_SECTORS;
	uint32_t whole = (uint32_t)min_u64(sectors, (uint64_t)GEOMETRY_CYLINDERS_MAX * cylinder) / cylinder;

	return (struct geometry){ .cylinders = whole ? whole : 1, .heads = heads, .sectors = GEOMETRY_SECTORS };
}

/* Whether a CHS of the table is this sector; where CHS does not reach, the last cylinder stands for it. */
static bool is_at(uint16_t heads, const uint8_t chs[3], uint64_t lba)
{
	uint32_t cylinder = chs[2] | (chs[1] & 0xc0u) << 2, sector = chs[1] & 0x3f;

	if (chs[0] >= heads || sector == 0)
		return false;
	if (lba >= (uint64_t)GEOMETRY_CYLINDERS_MAX * heads * GEOMETRY_SECTORS)
		return cylinder == GEOMETRY_CYLINDERS_MAX - 1;
	return lba == ((uint64_t)cylinder * heads + chs[0]) * GEOMETRY_SECTORS + sector - 1;
}

/* Every entry that means anything, both ends; and there is one. */
static bool agrees(uint16_t heads, const struct entry table[ENTRIES])
{
	bool any = false;

	for (unsigned i = 0; i < ENTRIES; i++) {
		const struct entry *e = &table[i];

		if (e->type == TYPE_NONE || e->type == TYPE_GPT || e->sectors == 0)
			continue;
		if (!is_at(heads, e->first, e->lba) || !is_at(heads, e->last, (uint64_t)e->lba + e->sectors - 1))
			return false;
		any = true;
	}
	return any;
}

struct geometry geometry_of_size(uint64_t sectors)
{
	return with_heads(sectors, GEOMETRY_HEADS);
}

struct geometry geometry_of_table(uint64_t sectors, const uint8_t sector0[DISK_SECTOR])
{
	struct entry table[ENTRIES];

	memcpy(table, sector0 + TABLE_AT, sizeof table);
	for (unsigned i = 0; i < COUNT_OF(usual_heads); i++)
		if (agrees(usual_heads[i], table))
			return with_heads(sectors, usual_heads[i]);
	return geometry_of_size(sectors);
}
