/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LOADER_BLOCKIO_H
#define LOADER_BLOCKIO_H
/*
 * What EFI_BLOCK_IO means, without EFI types: arguments in, a status out.
 *
 *     blockio_init(&b, disk, media_id)
 *     blockio_read(&b, media_id, lba, bytes, buffer)          at most one at a time
 *     blockio_leave_for_ever(&b)                              the boot services are gone
 *
 * Every argument is judged before anything is read, in the order of the UEFI
 * specification 2.10, 13.9, and of its conformance tests: the medium, what
 * cannot be written, the buffer, its size, the place, the alignment. firmware/efi
 * puts the calls of its protocol tables through here and turns the status into
 * its own number.
 *
 * A call from inside a call (from an event, at a task priority it must not have)
 * is an error: a disk is busy with one request at a time.
 */
#include "loader/disk.h"

enum blockio_status {
	BLOCKIO_SUCCESS,
	BLOCKIO_MEDIA_CHANGED,          /* that is not the medium's number */
	BLOCKIO_WRITE_PROTECTED,        /* nothing can be written; or no more (the overlay is full) */
	BLOCKIO_INVALID_PARAMETER,      /* no buffer, a place that is not on the disk, a buffer that is not aligned */
	BLOCKIO_BAD_BUFFER_SIZE,        /* no whole number of blocks */
	BLOCKIO_DEVICE_ERROR,           /* not read; or gone for ever; or busy */
};

struct blockio {
	struct disk *disk;
	uint32_t media_id;
	uint32_t align;                 /* buffers must be multiples of it: 0 and 1 mean any */
	bool     busy, gone;
	enum disk_status last;          /* what the disk said last: why it was a device error */
	uint32_t reads, writes, refused, nested;        /* figures */
};

void blockio_init(struct blockio *b, struct disk *disk, uint32_t media_id);

enum blockio_status blockio_read(struct blockio *b, uint32_t media_id, uint64_t lba, uint64_t bytes, void *buffer);
enum blockio_status blockio_write(struct blockio *b, uint32_t media_id, uint64_t lba, uint64_t bytes,
                                  const void *buffer);
/* Both have nothing to do: nothing is kept back, and nothing turns. */
enum blockio_status blockio_flush(struct blockio *b);
enum blockio_status blockio_reset(struct blockio *b);

/* From here on every call is a device error, and nobody touches the disk. */
void blockio_leave_for_ever(struct blockio *b);
#endif
