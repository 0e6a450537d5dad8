/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "loader/disk_stream.h"
#include "loader/attachment.h"

/* Places that read-ahead leaves free, so that whoever is waited for never queues behind what nobody waits for. */
enum { PLACES_FOR_DEMAND = 4 };

/* A wait is cut into pieces, so that a patience, however short, is kept. */
#define IDLE_MOST (1u * USEC_PER_S)

static unsigned free_places(const struct stream *s)
{
	unsigned n = 0;

	for (unsigned i = 0; i < STREAM_REQUESTS_MAX; i++)
		n += s->requests[i].state == STREAM_FREE;
	return n;
}

static int ds_fetch(struct disk *d, uint64_t lba, uint32_t *sectors, uint8_t *into, bool ahead)
{
	struct attachment *a = ((struct disk_stream *)d)->attachment;
	usec now = a->port->now(a->port);

	*sectors = (uint32_t)min_u64(*sectors, stream_request_bytes_max(&a->stream) / DISK_SECTOR);
	if (!ahead)
		return stream_want(&a->stream, now, lba * DISK_SECTOR, *sectors * DISK_SECTOR, into);
	if (free_places(&a->stream) <= PLACES_FOR_DEMAND)
		return -1;
	return stream_want_ahead(&a->stream, now, lba * DISK_SECTOR, *sectors * DISK_SECTOR, into);
}

/* Whether no data came for longer than the user lets a read wait. Words without data do not help a reader. */
static bool is_too_long(const struct attachment *a, usec since, usec now)
{
	usec came = max_u64(since, a->stream.last_data);

	return a->patience != NEVER && now > came && now - came >= a->patience;
}

static enum disk_status take(struct attachment *a, int fetch)
{
	switch (stream_take(&a->stream, fetch)) {
	case STREAM_READY:     return DISK_OK;
	case STREAM_BAD_RANGE: return DISK_BAD_RANGE;
	case STREAM_UNDER_WAY: return DISK_COMING;
	case STREAM_IO_ERROR:
	case STREAM_FREE:      break;
	}
	return DISK_IO_ERROR;
}

/* Turns the network until it is here, or whoever waits has waited long enough. */
static enum disk_status await(struct attachment *a, int fetch, usec since)
{
	enum disk_status status;

	for (;;) {
		attachment_wait(a, a->port->now(a->port) + IDLE_MOST);
		status = take(a, fetch);
		if (status != DISK_COMING)
			return status;
		if (is_too_long(a, since, a->port->now(a->port))) {
			stream_drop(&a->stream, fetch);
			return DISK_TIMEOUT;
		}
	}
}

static enum disk_status ds_fetched(struct disk *d, int fetch, bool wait)
{
	struct attachment *a = ((struct disk_stream *)d)->attachment;
	enum disk_status status = take(a, fetch);
	usec since = a->port->now(a->port);

	if (!wait || status != DISK_COMING)
		return status;
	stream_hurry(&a->stream, fetch);
	/* Before the first look, which takes as long as an answer, and with it. */
	a->net.nic->poll_follows = true;
	attachment_tx(a, since);
	a->net.nic->poll_follows = false;
	return await(a, fetch, since);
}

static enum disk_status ds_read(struct disk *d, uint64_t lba, uint32_t sectors, uint8_t *into)
{
	enum disk_status status = DISK_OK;

	while (status == DISK_OK && sectors) {
		uint32_t n = sectors;
		int fetch = ds_fetch(d, lba, &n, into, false);

		if (fetch < 0)          /* cannot be: one demand at a time, and read-ahead leaves places */
			return DISK_IO_ERROR;
		status   = ds_fetched(d, fetch, true);
		lba     += n;
		sectors -= n;
		into    += (size_t)n * DISK_SECTOR;
	}
	return status;
}

void disk_stream_init(struct disk_stream *ds, struct attachment *a, uint64_t bytes)
{
	ds->disk = (struct disk){
		.read = ds_read, .fetch = ds_fetch, .fetched = ds_fetched, .sectors = bytes / DISK_SECTOR,
	};
	ds->attachment = a;
}
