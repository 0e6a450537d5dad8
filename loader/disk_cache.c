/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "loader/disk_cache.h"

enum { LINE_SECTORS = CACHE_LINE_BYTES / DISK_SECTOR, LINES_AT_ONCE = CACHE_LINES / 4 };

static struct cache_line *line_of(struct disk_cache *dc, uint64_t number)
{
	for (unsigned i = 0; i < CACHE_LINES; i++)
		if (dc->lines[i].state != CACHE_EMPTY && dc->lines[i].number == number)
			return &dc->lines[i];
	return NULL;
}

static uint8_t *bytes_of(struct disk_cache *dc, const struct cache_line *line)
{
	return dc->bytes[line - dc->lines];
}

/* Sectors of a line; the disk's last one may be short. */
static uint32_t sectors_of(const struct disk_cache *dc, uint64_t number)
{
	return (uint32_t)min_u64(LINE_SECTORS, dc->disk.sectors - number * LINE_SECTORS);
}

/* Takes in what has arrived, so that its place below is free again. */
static enum disk_status collect(struct disk_cache *dc, struct cache_line *line, bool wait)
{
	enum disk_status status = dc->below->fetched(dc->below, line->fetch, wait);

	if (status == DISK_COMING)
		return status;
	line->state = status == DISK_OK ? CACHE_HERE : CACHE_EMPTY;
	if (status != DISK_OK)
		dc->counters.failed++;
	return status;
}

static void collect_all(struct disk_cache *dc)
{
	for (unsigned i = 0; i < CACHE_LINES; i++)
		if (dc->lines[i].state == CACHE_COMING)
			(void)collect(dc, &dc->lines[i], false);
}

/* The line used longest ago whose bytes nobody is writing. There is one: fetches are far fewer than lines. */
static struct cache_line *oldest(struct disk_cache *dc)
{
	struct cache_line *best = NULL;

	for (unsigned i = 0; i < CACHE_LINES; i++) {
		struct cache_line *line = &dc->lines[i];

		if (line->state == CACHE_EMPTY)
			return line;
		if (line->state == CACHE_HERE && (!best || line->used < best->used))
			best = line;
	}
	return best;
}

/* Starts a line on its way unless it is here or coming. False: no more can be under way. */
static bool start(struct disk_cache *dc, uint64_t number, bool ahead)
{
	struct cache_line *line = line_of(dc, number);
	int fetch;

	if (line) {
		if (!ahead)
			line->used = ++dc->clock;
		return true;
	}
	line = oldest(dc);
	if (!line || !dc->below->fetch)
		return false;
	fetch = dc->below->fetch(dc->below, number * LINE_SECTORS, sectors_of(dc, number), bytes_of(dc, line), ahead);
	/* fetch may only begin to write after it returned a number, so a refused one left the old line whole */
	if (fetch < 0)
		return false;
	*line = (struct cache_line){ .state = CACHE_COMING, .fetch = fetch, .number = number, .used = ++dc->clock };
	if (ahead)
		dc->counters.ahead++;
	else
		dc->counters.misses++;
	return true;
}

/* How many lines to fetch ahead of someone who reads here: 0 unless he goes on where he stopped. */
static unsigned ahead_of(struct disk_cache *dc, uint64_t lba, uint32_t sectors)
{
	struct cache_reader *reader = &dc->readers[0];

	for (unsigned i = 0; i < CACHE_READERS; i++) {
		struct cache_reader *r = &dc->readers[i];

		if (r->used && lba >= r->next_lba && lba - r->next_lba <= LINE_SECTORS) {
			r->ahead = r->ahead ? r->ahead * 2 : CACHE_AHEAD_FIRST;
			if (r->ahead > CACHE_AHEAD_MAX)
				r->ahead = CACHE_AHEAD_MAX;
			reader = r;
			goto found;
		}
		if (r->used < reader->used)
			reader = r;
	}
	reader->ahead = 0;
found:
	reader->next_lba = lba + sectors;
	reader->used = ++dc->clock;
	return reader->ahead;
}

static void read_ahead(struct disk_cache *dc, uint64_t lba, uint32_t sectors)
{
	uint64_t next = (lba + sectors - 1) / LINE_SECTORS + 1;

	for (unsigned n = ahead_of(dc, lba, sectors); n && next * LINE_SECTORS < dc->disk.sectors; n--, next++)
		if (!start(dc, next, true))
			break;
}

/* Sectors of one line into the caller's memory, however long it takes. */
static enum disk_status from_line(struct disk_cache *dc, uint64_t lba, uint32_t sectors, uint8_t *into)
{
	uint64_t number = lba / LINE_SECTORS;
	struct cache_line *line;

	if (!start(dc, number, false)) {
		collect_all(dc);
		start(dc, number, false);
	}
	line = line_of(dc, number);
	/* Who waited in vain does not wait a second time. */
	if (line && line->state == CACHE_COMING && collect(dc, line, true) == DISK_TIMEOUT)
		return DISK_TIMEOUT;
	/*
	 * What could not be fetched as a line is asked for exactly: a bad place elsewhere in the line
	 * is none of this caller's business.
	 */
	if (!line || line->state != CACHE_HERE)
		return disk_read(dc->below, lba, sectors, into);
	memcpy(into, bytes_of(dc, line) + (size_t)(lba % LINE_SECTORS) * DISK_SECTOR, (size_t)sectors * DISK_SECTOR);
	return DISK_OK;
}

static enum disk_status read_part(struct disk_cache *dc, uint64_t lba, uint32_t sectors, uint8_t *into)
{
	uint64_t last = (lba + sectors - 1) / LINE_SECTORS;
	enum disk_status status = DISK_OK;

	collect_all(dc);
	for (uint64_t n = lba / LINE_SECTORS; n <= last; n++) {
		struct cache_line *line = line_of(dc, n);

		dc->counters.hits += line && line->state == CACHE_HERE;
		if (!start(dc, n, false))
			break;
	}
	read_ahead(dc, lba, sectors);
	while (status == DISK_OK && sectors) {
		uint32_t n = (uint32_t)min_u64(sectors, LINE_SECTORS - lba % LINE_SECTORS);

		status   = from_line(dc, lba, n, into);
		lba     += n;
		sectors -= n;
		into    += (size_t)n * DISK_SECTOR;
	}
	return status;
}

static enum disk_status cache_read(struct disk *d, uint64_t lba, uint32_t sectors, uint8_t *into)
{
	struct disk_cache *dc = (struct disk_cache *)d;
	enum disk_status status = DISK_OK;

	/* In parts that fit: the lines of one part are never pushed out by each other. */
	while (status == DISK_OK && sectors) {
		uint32_t n = (uint32_t)min_u64(sectors, LINES_AT_ONCE * LINE_SECTORS);

		status   = read_part(dc, lba, n, into);
		lba     += n;
		sectors -= n;
		into    += (size_t)n * DISK_SECTOR;
	}
	return status;
}

void disk_cache_init(struct disk_cache *dc, struct disk *below)
{
	dc->disk  = (struct disk){ .read = cache_read, .sectors = below->sectors };
	dc->below = below;
	dc->clock = 0;
	memset(dc->lines, 0, sizeof dc->lines);
	memset(dc->readers, 0, sizeof dc->readers);
	dc->counters = (struct cache_counters){ 0 };
}
