/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LOADER_DISK_H
#define LOADER_DISK_H
/*
 * A disk is anything that answers "give me these sectors". Disks stack: the
 * overlay is a disk over the cache, which is a disk over the stream. Each
 * knows only the one below it; tests put a faulty disk anywhere in between.
 *
 * A disk that can work ahead also has fetch and fetched: a fetch starts a
 * read and returns at once; the bytes arrive while others wait for something
 * else, or between two calls.
 */
#include "lib/types.h"

enum { DISK_SECTOR = 512 };
enum disk_status {
	DISK_OK,
	DISK_COMING,            /* only from fetched(): not here yet */
	DISK_BAD_RANGE,         /* beyond the end */
	DISK_READ_ONLY,         /* nothing may be written here */
	DISK_FULL,              /* the overlay's memory is used up; INT 13h says write-protected */
	DISK_IO_ERROR,          /* the server could not read its image there */
	DISK_TIMEOUT,           /* no server answered in the time we may keep the caller waiting */
};

struct disk {
	enum disk_status (*read)(struct disk *d, uint64_t lba, uint32_t sectors, uint8_t *into);
	enum disk_status (*write)(struct disk *d, uint64_t lba, uint32_t sectors, const uint8_t *from);

	/* NULL where a disk cannot work ahead. fetch: the fetch's number, or -1 when no more can be under way. It may
	   take fewer sectors than were asked for, and says so in *sectors; `into` is not written before it returns. */
	int              (*fetch)(struct disk *d, uint64_t lba, uint32_t *sectors, uint8_t *into, bool ahead);
	/* How the fetch stands; with wait, only when it has ended. Every answer but DISK_COMING ends it. */
	enum disk_status (*fetched)(struct disk *d, int fetch, bool wait);

	uint64_t sectors;
};

/* The one range check in the tree; every front end calls these, none calls ->read itself. */
static inline bool disk_has(const struct disk *d, uint64_t lba, uint32_t sectors)
{
	return sectors <= d->sectors && lba <= d->sectors - sectors;
}

static inline enum disk_status disk_read(struct disk *d, uint64_t lba, uint32_t sectors, uint8_t *into)
{
	return disk_has(d, lba, sectors) ? d->read(d, lba, sectors, into) : DISK_BAD_RANGE;
}

static inline enum disk_status disk_write(struct disk *d, uint64_t lba, uint32_t sectors, const uint8_t *from)
{
	if (!disk_has(d, lba, sectors))
		return DISK_BAD_RANGE;
	return d->write ? d->write(d, lba, sectors, from) : DISK_READ_ONLY;
}
#endif
