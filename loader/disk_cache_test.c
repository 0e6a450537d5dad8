/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "loader/disk_cache.h"
#include "loader/disk_fake.h"

enum { LINE = CACHE_LINE_BYTES / DISK_SECTOR, SECTORS = 64 * 1024 + 5 };

static struct disk_fake  below;
static struct disk_cache cache;

static int fresh(void **state)
{
	(void)state;
	fake_disk_init(&below, SECTORS);
	disk_cache_init(&cache, &below.disk);
	return 0;
}

/* Reads from an exact heap block and compares. */
static enum disk_status read_at(uint64_t lba, uint32_t sectors)
{
	uint8_t *into = calloc(sectors ? sectors : 1, DISK_SECTOR);
	enum disk_status status = disk_read(&cache.disk, lba, sectors, into);

	if (status == DISK_OK)
		assert_true(fake_is(into, lba, sectors));
	free(into);
	return status;
}

static void any_read_is_right(void **state)
{
	uint32_t random = 1;

	(void)state;
	for (int i = 0; i < 3000; i++) {
		random = random * 1664525 + 1013904223;
		uint32_t sectors = random >> 24 & 127, lba = (random >> 8) % (SECTORS - 127);

		below.polls_needed = random & 3;
		assert_int_equal(read_at(lba, sectors), DISK_OK);
	}
	assert_int_equal(read_at(SECTORS - 9, 9), DISK_OK);
	assert_int_equal(read_at(SECTORS - 9, 10), DISK_BAD_RANGE);
	assert_int_equal(read_at(100, 5000), DISK_OK);
}

static void what_was_read_is_not_fetched_again(void **state)
{
	(void)state;
	assert_int_equal(read_at(1000, 8), DISK_OK);
	assert_int_equal(below.fetches, 1);
	assert_int_equal(read_at(1002, 4), DISK_OK);
	assert_int_equal(read_at(1000, 8), DISK_OK);
	assert_int_equal(cache.counters.hits, 2);
	assert_int_equal(below.fetches, 1);
}

/* Each datagram more than was asked for costs its caller time. */
static void a_stray_read_fetches_what_it_needs(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 40; i++)
		assert_int_equal(read_at(i * 1500 + 100, 8), DISK_OK);
	assert_int_equal(below.sectors, 40 * 8);
	assert_int_equal(read_at(50 * LINE - 3, 8), DISK_OK);           /* over the end of a line */
	assert_int_equal(below.sectors, 41 * 8);
}

static void a_hole_is_filled_and_no_more(void **state)
{
	(void)state;
	assert_int_equal(read_at(LINE + 10, 4), DISK_OK);
	assert_int_equal(read_at(LINE + 60, 4), DISK_OK);
	below.sectors = 0;
	assert_int_equal(read_at(LINE + 8, 6), DISK_OK);                /* two of them are here */
	assert_int_equal(below.sectors, 2);
	assert_int_equal(read_at(LINE + 58, 9), DISK_OK);               /* from the first missing to the last */
	assert_int_equal(below.sectors, 2 + 9);
}

/* A request may be smaller than a line: where datagrams are small, for one. */
static void a_fetch_may_bring_less_than_was_wanted(void **state)
{
	(void)state;
	below.fetch_most = 24;
	for (uint32_t lba = 0; lba < 8 * LINE; lba += 64)
		assert_int_equal(read_at(lba, 64), DISK_OK);
	assert_int_equal(read_at(20 * LINE + 7, 127), DISK_OK);
	assert_int_equal(below.reads, 0);
}

static void a_stray_read_fetches_nothing_ahead(void **state)
{
	(void)state;
	for (uint32_t lba = 0; lba < 50000; lba += 5000)
		assert_int_equal(read_at(lba, 4), DISK_OK);
	assert_int_equal(below.ahead, 0);
}

static void a_reader_in_order_finds_his_lines_on_their_way(void **state)
{
	(void)state;
	for (uint32_t lba = 0; lba < 64 * LINE; lba += 16)
		assert_int_equal(read_at(lba, 16), DISK_OK);
	assert_true(below.ahead >= 60);
	assert_true(cache.counters.misses <= 2);
	/* nothing was fetched twice */
	assert_true(below.sectors <= (64 + CACHE_AHEAD_MAX) * LINE);
}

static void four_readers_in_turn_are_all_followed(void **state)
{
	(void)state;
	for (uint32_t step = 0; step < 8 * LINE; step += LINE)
		for (uint32_t reader = 0; reader < 4; reader++)
			assert_int_equal(read_at(reader * 10000u + step, LINE), DISK_OK);
	assert_true(cache.counters.misses <= 4 * 4);
}

static void a_bad_sector_spoils_only_those_who_ask_for_it(void **state)
{
	(void)state;
	below.bad_from = 1010;
	below.bad_to   = 1011;
	assert_int_equal(read_at(1000, 10), DISK_OK);
	assert_int_equal(read_at(1005, 10), DISK_IO_ERROR);
	assert_int_equal(read_at(1011, 10), DISK_OK);
	assert_true(cache.counters.failed > 0);
	below.bad_to = below.bad_from;
	assert_int_equal(read_at(1005, 10), DISK_OK);   /* it was not remembered as bad */
}

/* ... also where it lies in what is fetched beside: the rest of a line of someone who reads in order. */
static void a_bad_sector_further_on_is_not_this_readers(void **state)
{
	(void)state;
	below.bad_from = 100;
	below.bad_to   = 101;
	for (uint32_t lba = 0; lba < 96; lba += 8)
		assert_int_equal(read_at(lba, 8), DISK_OK);
	assert_true(cache.counters.failed > 0);
	assert_int_equal(read_at(96, 8), DISK_IO_ERROR);
	assert_int_equal(read_at(104, 8), DISK_OK);
}

static void who_leaves_out_a_little_still_reads_in_order(void **state)
{
	for (uint32_t skip = CACHE_SKIP_SECTORS - 1; skip <= CACHE_SKIP_SECTORS + 1; skip++) {
		fresh(state);
		assert_int_equal(read_at(1000, 8), DISK_OK);
		assert_int_equal(read_at(1008 + skip, 8), DISK_OK);
		assert_int_equal(below.ahead, skip <= CACHE_SKIP_SECTORS ? CACHE_AHEAD_FIRST : 0);
	}
}

static void silence_is_waited_for_once_and_forgotten(void **state)
{
	(void)state;
	below.silent = true;
	assert_int_equal(read_at(64, 1), DISK_TIMEOUT);
	assert_int_equal(below.waits, 1);
	assert_int_equal(below.reads, 0);
	below.silent = false;
	assert_int_equal(read_at(64, 1), DISK_OK);
}

static void a_disk_that_cannot_work_ahead_will_do(void **state)
{
	(void)state;
	below.disk.fetch = NULL;
	below.disk.fetched = NULL;
	assert_int_equal(read_at(0, 127), DISK_OK);
	assert_int_equal(below.fetches, 0);
}

/* Someone below still writes into a line that is coming: however old it grows, nobody else gets its room. */
static void a_line_on_its_way_is_never_given_to_another(void **state)
{
	unsigned coming = 0;

	(void)state;
	below.polls_needed = 1000000;
	for (uint32_t n = 0; n < 2; n++)
		assert_int_equal(read_at(n * LINE, LINE), DISK_OK);
	assert_true(below.ahead >= 1);
	for (uint32_t n = 0; n < 3 * CACHE_LINES; n++)
		assert_int_equal(read_at((40 + 3 * (n * 7 % 150)) * LINE, 1), DISK_OK);
	for (unsigned i = 0; i < CACHE_LINES; i++)
		coming += cache.lines[i].is_coming;
	for (unsigned i = 0; i < FAKE_FETCHES; i++)
		coming -= below.under_way[i].busy;
	assert_int_equal(coming, 0);
	assert_int_equal(read_at(0, 8 * LINE), DISK_OK);
}

static void it_cannot_be_written(void **state)
{
	uint8_t sector[DISK_SECTOR] = { 0 };

	(void)state;
	assert_int_equal(disk_write(&cache.disk, 0, 1, sector), DISK_READ_ONLY);
}

int main(void)
{
#define fresh_test(f) cmocka_unit_test_setup_teardown(f, fresh, NULL)
	const struct CMUnitTest tests[] = {
		fresh_test(any_read_is_right),
		fresh_test(what_was_read_is_not_fetched_again),
		fresh_test(a_stray_read_fetches_what_it_needs),
		fresh_test(a_hole_is_filled_and_no_more),
		fresh_test(a_fetch_may_bring_less_than_was_wanted),
		fresh_test(a_stray_read_fetches_nothing_ahead),
		fresh_test(a_reader_in_order_finds_his_lines_on_their_way),
		fresh_test(four_readers_in_turn_are_all_followed),
		fresh_test(a_bad_sector_spoils_only_those_who_ask_for_it),
		fresh_test(a_bad_sector_further_on_is_not_this_readers),
		fresh_test(who_leaves_out_a_little_still_reads_in_order),
		fresh_test(silence_is_waited_for_once_and_forgotten),
		fresh_test(a_disk_that_cannot_work_ahead_will_do),
		fresh_test(a_line_on_its_way_is_never_given_to_another),
		fresh_test(it_cannot_be_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
