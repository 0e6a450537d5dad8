/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LOADER_DISK_CACHE_H
#define LOADER_DISK_CACHE_H
/*
 * A disk over a disk: keeps what was read, and fetches what will be read next.
 *
 * A line is CACHE_LINE_BYTES of the disk, and may have holes: a read at some
 * place gets just the sectors that were asked for, because each datagram more
 * costs its caller time. Who goes on where he stopped gets the rest of his
 * line and further lines ahead, which arrive while he does something else. All
 * that a read needs is asked for at once, so that the network's window is
 * full. The least recently used line makes room. What failed is forgotten,
 * never served.
 */
#include "loader/disk.h"
#include "loader/limits.h"

enum { CACHE_LINE_SECTORS = CACHE_LINE_BYTES / DISK_SECTOR, CACHE_MAP_WORDS = CACHE_LINE_SECTORS / 32 };

struct cache_line {
	bool     is_used;               /* it is some line of the disk */
	bool     is_coming;             /* the sectors from..to are on their way: nobody else gets its room */
	int      fetch;                 /* while they are */
	uint32_t from, to;
	uint32_t here[CACHE_MAP_WORDS]; /* a bit for each sector that has come */
	uint64_t number;                /* which line of the disk */
	uint64_t used;                  /* higher is more recent */
};

/* Someone who reads in order: where he goes on, and how far ahead of him we fetch. */
struct cache_reader { uint64_t next_lba, used; unsigned ahead; };

struct cache_counters { uint32_t hits, misses, ahead, failed; };

struct disk_cache {
	struct disk disk;               /* first */
	struct disk *below;
	uint64_t clock;
	struct cache_line     lines[CACHE_LINES];
	struct cache_reader   readers[CACHE_READERS];
	struct cache_counters counters;
	uint8_t  bytes[CACHE_LINES][CACHE_LINE_BYTES];
};

void disk_cache_init(struct disk_cache *dc, struct disk *below);
#endif
