/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "loader/disk_overlay.h"

enum { BLOCK_SECTORS = OVERLAY_BLOCK_BYTES / DISK_SECTOR, NOT_HERE = -1 };
_Static_assert((OVERLAY_SLOTS & (OVERLAY_SLOTS - 1)) == 0, "the hash masks with it");
_Static_assert(OVERLAY_BLOCKS * 2 <= OVERLAY_SLOTS, "a search must meet a free slot soon");

/* The part of a request that lies in one block. */
struct part { uint64_t block; uint32_t skip, sectors; };

static struct part part_at(uint64_t lba, uint32_t left)
{
	struct part p = { .block = lba / BLOCK_SECTORS, .skip = (uint32_t)(lba % BLOCK_SECTORS) };

	p.sectors = BLOCK_SECTORS - p.skip;
	if (p.sectors > left)
		p.sectors = left;
	return p;
}

/* The slot that holds this block, or the free one where it would be. */
static uint16_t *slot_for(struct disk_overlay *o, uint64_t block)
{
	uint32_t at = (uint32_t)block * 2654435761u >> 16;      /* Knuth's multiplicative hash */
	uint16_t *slot;

	for (;; at++) {
		slot = &o->slots[at & (OVERLAY_SLOTS - 1)];
		if (*slot == 0 || o->numbers[*slot - 1] == block)
			return slot;
	}
}

static int place_of(struct disk_overlay *o, uint64_t block)
{
	return *slot_for(o, block) - 1;
}

static unsigned blocks_needed(struct disk_overlay *o, uint64_t lba, uint32_t sectors)
{
	unsigned needed = 0;
	struct part p;

	for (; sectors && needed <= OVERLAY_BLOCKS; sectors -= p.sectors, lba += p.sectors) {
		p = part_at(lba, sectors);
		needed += place_of(o, p.block) == NOT_HERE;
	}
	return needed;
}

static enum disk_status overlay_read(struct disk *d, uint64_t lba, uint32_t sectors, uint8_t *into)
{
	struct disk_overlay *o = (struct disk_overlay *)d;
	enum disk_status status = DISK_OK;
	struct part p;
	int place;

	/* All of it from below first: that fills the network's window. Then what was written since. */
	if (blocks_needed(o, lba, sectors))
		status = disk_read(o->below, lba, sectors, into);
	for (; status == DISK_OK && o->used && sectors; sectors -= p.sectors, lba += p.sectors) {
		p = part_at(lba, sectors);
		place = place_of(o, p.block);
		if (place != NOT_HERE)
			memcpy(into, o->bytes[place] + p.skip * DISK_SECTOR, p.sectors * DISK_SECTOR);
		into += p.sectors * DISK_SECTOR;
	}
	return status;
}

/* A place for a block, filled from below unless all of it is about to be overwritten. */
static enum disk_status take_place(struct disk_overlay *o, const struct part *p, int *place)
{
	uint64_t first = p->block * BLOCK_SECTORS;
	uint32_t there = (uint32_t)min_u64(BLOCK_SECTORS, o->disk.sectors - first);
	enum disk_status status = DISK_OK;

	*place = place_of(o, p->block);
	if (*place != NOT_HERE)
		return DISK_OK;
	*place = (int)o->used;
	if (p->sectors < there)
		status = disk_read(o->below, first, there, o->bytes[*place]);
	if (status == DISK_OK) {
		o->numbers[*place] = p->block;
		*slot_for(o, p->block) = (uint16_t)++o->used;
	}
	return status;
}

static enum disk_status overlay_write(struct disk *d, uint64_t lba, uint32_t sectors, const uint8_t *from)
{
	struct disk_overlay *o = (struct disk_overlay *)d;
	enum disk_status status = DISK_OK;
	struct part p;
	int place;

	if (blocks_needed(o, lba, sectors) > OVERLAY_BLOCKS - o->used) {
		o->refused++;
		return DISK_FULL;
	}
	for (; sectors; sectors -= p.sectors, lba += p.sectors, from += p.sectors * DISK_SECTOR) {
		p = part_at(lba, sectors);
		status = take_place(o, &p, &place);
		if (status != DISK_OK)
			break;
		memcpy(o->bytes[place] + p.skip * DISK_SECTOR, from, p.sectors * DISK_SECTOR);
	}
	return status;
}

void disk_overlay_init(struct disk_overlay *o, struct disk *below)
{
	o->disk  = (struct disk){ .read = overlay_read, .write = overlay_write, .sectors = below->sectors };
	o->below = below;
	o->used  = 0;
	o->refused = 0;
	memset(o->slots, 0, sizeof o->slots);
}
