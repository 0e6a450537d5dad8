/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LOADER_DISK_STREAM_H
#define LOADER_DISK_STREAM_H
/*
 * The streamed disk: what is read comes over the network, at any alignment of
 * the buffer and any number of sectors. A read blocks and asks, for ever,
 * unless the attachment was given a patience; meanwhile the network turns.
 */
#include "loader/disk.h"

struct attachment;

struct disk_stream {
	struct disk disk;               /* first: this is what the disk above sees */
	struct attachment *attachment;  /* whose stream and whose turns */
};

void disk_stream_init(struct disk_stream *ds, struct attachment *a, uint64_t bytes);
#endif
