/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LOADER_DISK_OVERLAY_H
#define LOADER_DISK_OVERLAY_H
/*
 * A disk over a disk that cannot be written: writes stay here, in memory, and
 * reads see them. They are gone when the machine is. When OVERLAY_BLOCKS are
 * used up a write that needs another one fails whole, with DISK_FULL, and is
 * counted; what was written stays readable and can be written again.
 */
#include "loader/disk.h"
#include "loader/limits.h"

struct disk_overlay {
	struct disk disk;               /* first */
	struct disk *below;
	unsigned used;                  /* blocks */
	uint32_t refused;               /* writes that did not fit */
	uint16_t slots[OVERLAY_SLOTS];  /* hash of the block number -> its place + 1; 0: free */
	uint64_t numbers[OVERLAY_BLOCKS];
	uint8_t  bytes[OVERLAY_BLOCKS][OVERLAY_BLOCK_BYTES];
};

void disk_overlay_init(struct disk_overlay *o, struct disk *below);
#endif
