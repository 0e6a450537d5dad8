/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "loader/blockio.h"

/* What is asked of the disk at once: its counts have 32 bits, the caller's 64. */
enum { SECTORS_AT_ONCE = 0x10000 };

/* A request as the protocol has it; `from` or `into` is NULL, and for a caller's missing buffer both are. */
struct request { uint32_t media_id; uint64_t lba, bytes; uint8_t *into; const uint8_t *from; bool write; };

static enum blockio_status status_of(enum disk_status s)
{
	switch (s) {
	case DISK_OK:        return BLOCKIO_SUCCESS;
	case DISK_BAD_RANGE: return BLOCKIO_INVALID_PARAMETER;
	case DISK_READ_ONLY:
	case DISK_FULL:      return BLOCKIO_WRITE_PROTECTED;
	case DISK_IO_ERROR:
	case DISK_TIMEOUT:
	case DISK_COMING:    break;
	}
	return BLOCKIO_DEVICE_ERROR;
}

/* In this order: what several things are wrong with is told by the first. *done: there is nothing to move. */
static enum blockio_status judge(const struct blockio *b, const struct request *r, bool *done)
{
	const void *buffer = r->write ? (const void *)r->from : r->into;
	uint64_t sectors = r->bytes / DISK_SECTOR;

	*done = true;
	if (b->gone)
		return BLOCKIO_DEVICE_ERROR;
	if (r->media_id != b->media_id)
		return BLOCKIO_MEDIA_CHANGED;
	if (r->write && !b->disk->write)
		return BLOCKIO_WRITE_PROTECTED;
	if (!buffer)
		return BLOCKIO_INVALID_PARAMETER;
	if (r->bytes == 0)
		return BLOCKIO_SUCCESS;
	if (r->bytes % DISK_SECTOR)
		return BLOCKIO_BAD_BUFFER_SIZE;
	if (sectors > b->disk->sectors || r->lba > b->disk->sectors - sectors)
		return BLOCKIO_INVALID_PARAMETER;
	if (b->align > 1 && (uintptr_t)buffer % b->align)
		return BLOCKIO_INVALID_PARAMETER;
	*done = false;
	return BLOCKIO_SUCCESS;
}

static enum disk_status move(struct disk *d, const struct request *r)
{
	uint64_t left = r->bytes / DISK_SECTOR, at = 0;
	enum disk_status status = DISK_OK;

	while (left && status == DISK_OK) {
		uint32_t n = (uint32_t)min_u64(left, SECTORS_AT_ONCE);
		size_t offset = (size_t)at * DISK_SECTOR;

		status = r->write ? disk_write(d, r->lba + at, n, r->from + offset)
		                  : disk_read(d, r->lba + at, n, r->into + offset);
		at   += n;
		left -= n;
	}
	return status;
}

static enum blockio_status perform(struct blockio *b, const struct request *r)
{
	bool done;
	enum blockio_status status = judge(b, r, &done);

	if (done) {
		b->refused += status != BLOCKIO_SUCCESS;
		return status;
	}
	if (b->busy) {
		b->nested++;
		return BLOCKIO_DEVICE_ERROR;
	}
	b->busy = true;
	b->last = move(b->disk, r);
	b->busy = false;
	return status_of(b->last);
}

void blockio_init(struct blockio *b, struct disk *disk, uint32_t media_id)
{
	*b = (struct blockio){ .disk = disk, .media_id = media_id };
}

enum blockio_status blockio_read(struct blockio *b, uint32_t media_id, uint64_t lba, uint64_t bytes, void *buffer)
{
	struct request r = { .media_id = media_id, .lba = lba, .bytes = bytes, .into = buffer };

	b->reads++;
	return perform(b, &r);
}

enum blockio_status blockio_write(struct blockio *b, uint32_t media_id, uint64_t lba, uint64_t bytes,
                                  const void *buffer)
{
	struct request r = { .media_id = media_id, .lba = lba, .bytes = bytes, .from = buffer, .write = true };

	b->writes++;
	return perform(b, &r);
}

enum blockio_status blockio_flush(struct blockio *b)
{
	return b->gone ? BLOCKIO_DEVICE_ERROR : BLOCKIO_SUCCESS;
}

enum blockio_status blockio_reset(struct blockio *b)
{
	return b->gone ? BLOCKIO_DEVICE_ERROR : BLOCKIO_SUCCESS;
}

void blockio_leave_for_ever(struct blockio *b)
{
	b->gone = true;
}
