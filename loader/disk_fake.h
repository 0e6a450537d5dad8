/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LOADER_DISK_FAKE_H
#define LOADER_DISK_FAKE_H
/* A disk for tests: every sector tells its number, some are bad, fetches arrive when asked often enough. */
#include "lib/test.h"
#include "loader/disk.h"

enum { FAKE_FETCHES = 4 };

struct fake_fetch { bool busy; uint64_t lba; uint32_t sectors; uint8_t *into; unsigned polls; };

struct disk_fake {
	struct disk disk;               /* first */
	uint64_t bad_from, bad_to;      /* DISK_IO_ERROR */
	bool     silent;                /* DISK_TIMEOUT for all */
	unsigned polls_needed;          /* until a fetch has come */
	uint32_t fetch_most;            /* sectors; 0: no limit */
	unsigned reads, fetches, ahead, waits;
	uint64_t sectors;               /* that were fetched */
	struct fake_fetch under_way[FAKE_FETCHES];
};

/* What byte of the disk is at this offset: no two sectors look alike, nor two bytes beside each other. */
static inline uint8_t fake_byte(uint64_t offset)
{
	uint64_t mix = offset * 0x9e3779b97f4a7c15u;

	return (uint8_t)(mix >> 40 ^ offset / 512);
}

static inline enum disk_status fake_fill(struct disk_fake *f, uint64_t lba, uint32_t sectors, uint8_t *into)
{
	if (f->silent)
		return DISK_TIMEOUT;
	for (uint64_t s = lba; s < lba + sectors; s++)
		if (s >= f->bad_from && s < f->bad_to)
			return DISK_IO_ERROR;
	for (uint64_t i = 0; i < (uint64_t)sectors * 512; i++)
		into[i] = fake_byte(lba * 512 + i);
	return DISK_OK;
}

static inline enum disk_status fake_read(struct disk *d, uint64_t lba, uint32_t sectors, uint8_t *into)
{
	struct disk_fake *f = (struct disk_fake *)d;

	f->reads++;
	return fake_fill(f, lba, sectors, into);
}

static inline int fake_fetch(struct disk *d, uint64_t lba, uint32_t *sectors, uint8_t *into, bool ahead)
{
	struct disk_fake *f = (struct disk_fake *)d;

	assert_true(disk_has(d, lba, *sectors));
	if (f->fetch_most && *sectors > f->fetch_most)
		*sectors = f->fetch_most;
	for (int i = 0; i < FAKE_FETCHES; i++)
		if (!f->under_way[i].busy) {
			f->under_way[i] = (struct fake_fetch){ true, lba, *sectors, into, 0 };
			f->sectors += *sectors;
			f->fetches++;
			f->ahead += ahead;
			return i;
		}
	return -1;
}

static inline enum disk_status fake_fetched(struct disk *d, int fetch, bool wait)
{
	struct disk_fake *f = (struct disk_fake *)d;
	struct fake_fetch *u = &f->under_way[fetch];

	assert_true(u->busy);
	f->waits += wait;
	if (!wait && u->polls++ < f->polls_needed)
		return DISK_COMING;
	u->busy = false;
	return fake_fill(f, u->lba, u->sectors, u->into);
}

static inline void fake_disk_init(struct disk_fake *f, uint64_t sectors)
{
	*f = (struct disk_fake){ .disk = { .read = fake_read, .fetch = fake_fetch, .fetched = fake_fetched,
		.sectors = sectors } };
}

static inline bool fake_is(const uint8_t *bytes, uint64_t lba, uint32_t sectors)
{
	for (uint64_t i = 0; i < (uint64_t)sectors * 512; i++)
		if (bytes[i] != fake_byte(lba * 512 + i))
			return false;
	return true;
}
#endif
