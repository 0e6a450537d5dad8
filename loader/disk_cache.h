/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LOADER_DISK_CACHE_H
#define LOADER_DISK_CACHE_H
/*
 * A disk over a disk: keeps what was read, and fetches what will be read next.
 *
 * Reads go through lines of CACHE_LINE_BYTES. All lines of a read are fetched
 * at once, so that the network's window is full; a reader that goes on where
 * it stopped gets further lines fetched ahead, which arrive while he does
 * something else. The least recently used line makes room. A failed line is
 * forgotten, never served.
 */
#include "loader/disk.h"
#include "loader/limits.h"

enum cache_state { CACHE_EMPTY, CACHE_COMING, CACHE_HERE };

struct cache_line {
	enum cache_state state;
	int      fetch;                 /* while COMING */
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
