/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "loader/disk_cache.h"

enum { LINE_SECTORS = CACHE_LINE_SECTORS, LINES_AT_ONCE = CACHE_LINES / 4 };
_Static_assert(LINE_SECTORS % 32 == 0, "a line's map has whole words");

/* ---- a line's map ---- */

static bool is_here(const struct cache_line *line, uint32_t sector)
{
	return line->here[sector / 32] >> sector % 32 & 1;
}

/* The first sector of from..to that has not come, or to. */
static uint32_t first_missing(const struct cache_line *line, uint32_t from, uint32_t to)
{
	while (from < to && is_here(line, from))
		from++;
	return from;
}

static void came(struct cache_line *line, uint32_t from, uint32_t to)
{
	for (; from < to; from++)
		line->here[from / 32] |= (uint32_t)1 << from % 32;
}

/* ---- the lines ---- */

static struct cache_line *line_of(struct disk_cache *dc, uint64_t number)
{
	for (unsigned i = 0; i < CACHE_LINES; i++)
		if (dc->lines[i].is_used && dc->lines[i].number == number)
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
	line->is_coming = false;
	if (status == DISK_OK)
		came(line, line->from, line->to);
	else
		dc->counters.failed++;
	return status;
}

static void collect_all(struct disk_cache *dc)
{
	for (unsigned i = 0; i < CACHE_LINES; i++)
		if (dc->lines[i].is_coming)
			(void)collect(dc, &dc->lines[i], false);
}

/* The line used longest ago into which nobody is writing. There is one: fetches are far fewer than lines. */
static struct cache_line *oldest(struct disk_cache *dc)
{
	struct cache_line *best = NULL;

	for (unsigned i = 0; i < CACHE_LINES; i++) {
		struct cache_line *line = &dc->lines[i];

		if (!line->is_used)
			return line;
		if (!line->is_coming && (!best || line->used < best->used))
			best = line;
	}
	return best;
}

/*
 * Starts on their way what is missing of a line's sectors from..to, unless some of the line is coming already.
 * The line; NULL: no more can be under way.
 */
static struct cache_line *start(struct disk_cache *dc, uint64_t number, uint32_t from, uint32_t to, bool ahead)
{
	struct cache_line *line = line_of(dc, number), fresh = { .is_used = true, .number = number };
	uint32_t sectors;
	int fetch;

	if (line) {
		line->used = ++dc->clock;
		from = first_missing(line, from, to);
		while (from < to && is_here(line, to - 1))
			to--;
		if (line->is_coming || from == to)
			return line;
		fresh = *line;
	} else {
		line = oldest(dc);
	}
	if (!line || !dc->below->fetch)
		return NULL;
	sectors = to - from;
	fetch = dc->below->fetch(dc->below, number * LINE_SECTORS + from, &sectors,
	                         bytes_of(dc, line) + (size_t)from * DISK_SECTOR, ahead);
	if (fetch < 0)                  /* and the line, whatever it was, is whole */
		return NULL;
	fresh.is_coming = true;
	fresh.fetch = fetch;
	fresh.from  = from;
	fresh.to    = from + sectors;
	fresh.used  = ++dc->clock;
	*line = fresh;
	if (ahead)
		dc->counters.ahead++;
	else
		dc->counters.misses++;
	return line;
}

/* ---- readers ---- */

/* Who goes on here, where he stopped or a little further on; NULL: nobody. */
static struct cache_reader *reader_at(struct disk_cache *dc, uint64_t lba)
{
	for (unsigned i = 0; i < CACHE_READERS; i++) {
		struct cache_reader *r = &dc->readers[i];

		if (r->used && lba >= r->next_lba && lba - r->next_lba <= CACHE_SKIP_SECTORS)
			return r;
	}
	return NULL;
}

static struct cache_reader *oldest_reader(struct disk_cache *dc)
{
	struct cache_reader *oldest = &dc->readers[0];

	for (unsigned i = 1; i < CACHE_READERS; i++)
		if (dc->readers[i].used < oldest->used)
			oldest = &dc->readers[i];
	return oldest;
}

/* How many lines to fetch ahead of someone who reads here: 0 unless he goes on where he stopped. */
static unsigned ahead_of(struct disk_cache *dc, uint64_t lba, uint32_t sectors)
{
	struct cache_reader *reader = reader_at(dc, lba);

	if (!reader) {
		reader = oldest_reader(dc);
		reader->ahead = 0;
	} else if (reader->ahead == 0) {
		reader->ahead = CACHE_AHEAD_FIRST;
	} else {
		reader->ahead = (unsigned)min_u64(reader->ahead * 2, CACHE_AHEAD_MAX);
	}
	reader->next_lba = lba + sectors;
	reader->used = ++dc->clock;
	return reader->ahead;
}

static void read_ahead(struct disk_cache *dc, uint64_t next, unsigned lines)
{
	for (; lines && next * LINE_SECTORS < dc->disk.sectors; lines--, next++)
		if (!start(dc, next, 0, sectors_of(dc, next), true))
			break;
}

/* ---- reads ---- */

/* Sectors of one line into the caller's memory, however long it takes. */
static enum disk_status from_line(struct disk_cache *dc, uint64_t lba, uint32_t sectors, uint8_t *into)
{
	uint64_t number = lba / LINE_SECTORS;
	uint32_t from = (uint32_t)(lba % LINE_SECTORS), to = from + sectors;
	struct cache_line *line;

	for (;;) {
		enum disk_status status = DISK_OK;

		line = start(dc, number, from, to, false);
		if (!line) {
			collect_all(dc);
			line = start(dc, number, from, to, false);
		}
		if (!line || first_missing(line, from, to) == to || !line->is_coming)
			break;
		status = collect(dc, line, true);
		if (status == DISK_TIMEOUT)     /* who waited in vain does not wait a second time */
			return status;
		if (status != DISK_OK)
			break;
	}
	/*
	 * What failed with its neighbours is asked for exactly: a bad place elsewhere is none of this caller's
	 * business.
	 */
	if (!line || first_missing(line, from, to) != to)
		return disk_read(dc->below, lba, sectors, into);
	memcpy(into, bytes_of(dc, line) + (size_t)from * DISK_SECTOR, (size_t)sectors * DISK_SECTOR);
	return DISK_OK;
}

static enum disk_status read_part(struct disk_cache *dc, uint64_t lba, uint32_t sectors, uint8_t *into)
{
	uint64_t end = lba + sectors, last = (end - 1) / LINE_SECTORS;
	unsigned ahead = ahead_of(dc, lba, sectors);
	enum disk_status status = DISK_OK;

	collect_all(dc);
	for (uint64_t n = lba / LINE_SECTORS; n <= last; n++) {
		uint32_t from = n == lba / LINE_SECTORS ? (uint32_t)(lba % LINE_SECTORS) : 0;
		uint32_t to = n == last ? (uint32_t)(end - n * LINE_SECTORS) : LINE_SECTORS;
		struct cache_line *line = line_of(dc, n);

		dc->counters.hits += line && first_missing(line, from, to) == to;
		if (!start(dc, n, from, ahead ? sectors_of(dc, n) : to, false))
			break;
	}
	read_ahead(dc, last + 1, ahead);
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
