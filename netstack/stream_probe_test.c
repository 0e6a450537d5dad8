/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What is a silence, and what is asked again after one: M28. */
#include "netstack/stream_bench.h"
#include "netstack/stream_window.h"

static struct bench bench;

/* What a read of 4 KiB was asked again for, on a road of that length; answers come in the order of the questions. */
static unsigned asked_again(struct bench *b, usec round_trip)
{
	struct { struct stream_head head; struct stream_read read; usec at; } sent[8];
	unsigned again = b->stream.counters.requests_again, count = 0, answered = 0;
	int id = bench_want(b, 0, 0, 4096);

	while (stream_take(&b->stream, id) == STREAM_UNDER_WAY) {
		usec wake_at;

		while (count < COUNT_OF(sent) && bench_tx(b)) {
			sent[count].head = b->head;
			sent[count].read = b->read;
			sent[count++].at = b->now + round_trip;
		}
		wake_at = stream_wake_at(&b->stream);
		if (answered == count || sent[answered].at > wake_at) {
			b->now = max_u64(wake_at, b->now + 1);
			continue;
		}
		b->now = sent[answered].at;
		for (unsigned i = 0; i < STREAM_SEGMENTS_MAX; i++)
			if (sent[answered].read.want >> i & 1)
				bench_segment(b, &sent[answered].head, &sent[answered].read, i);
		answered++;
	}
	return b->stream.counters.requests_again - again;
}

static void a_silence_is_two_round_trips_after_an_ask_and_one_after_data(void **state)
{
	struct stream_window w;

	(void)state;
	stream_window_init(&w, 64, 64);
	stream_window_measure(&w, 8 * MS);              /* mean deviation 4 ms */
	assert_int_equal(stream_window_silent_at(&w, 100 * MS, 0), (100 + 2 * 8 + 4 * 4) * MS);
	assert_int_equal(stream_window_silent_at(&w, 100 * MS, 108 * MS), (108 + 8 + 4 * 4) * MS);
	assert_int_equal(stream_window_silent_at(&w, 100 * MS, 107 * MS), (100 + 2 * 8 + 4 * 4) * MS);
}

static void nothing_is_a_silence_before_a_round_trip_was_measured(void **state)
{
	struct stream_window w;

	(void)state;
	stream_window_init(&w, 64, 64);
	assert_true(stream_window_silent_at(&w, 1000, 2000) == NEVER);
}

static void a_silence_is_never_below_half_a_ms(void **state)
{
	struct stream_window w;

	(void)state;
	stream_window_init(&w, 64, 64);
	stream_window_measure(&w, 10);
	assert_int_equal(stream_window_silent_at(&w, 100 * MS, 0), 100 * MS + MS / 2);
	assert_int_equal(stream_window_silent_at(&w, 100 * MS, 100 * MS + 20), 100 * MS + 20 + MS / 2);
}

/* Whatever was asked before a silence and did not come although something asked after it did, was lost. */
static int lose_the_end_of_a_burst(struct bench *b)
{
	int id;

	bench_begin(b, 64, 1);
	id = bench_want(b, 0, 0, 512);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	b->now += 200;
	bench_answer(b, 1);
	assert_int_equal(stream_take(&b->stream, id), STREAM_READY);
	id = bench_want(b, 0, 0, 16384);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	b->now += 200;
	bench_answer(b, 0x03ff);                        /* the last six are lost */
	return id;
}

static void expect_a_probe_after(struct bench *b, usec silence, uint64_t segment)
{
	assert_int_equal(bench_sleep_read(b), silence);
	assert_int_equal(b->read.want, segment);
}

static void expect_that_the_probe_tells(struct bench *b, int id, uint64_t lost)
{
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	assert_int_equal(b->read.want, lost);
	b->now += 200;
	bench_answer(b, UINT64_MAX);
	assert_int_equal(stream_take(&b->stream, id), STREAM_READY);
	bench_expect(b, 0, 0, 16384);
	assert_int_equal(b->stream.counters.timeouts, 0);
}

static void the_lost_end_of_a_burst_is_found_by_a_probe(void **state)
{
	int id = lose_the_end_of_a_burst(&bench);

	(void)state;
	expect_a_probe_after(&bench, MS / 2, 0x8000);
	bench.now += 200;
	bench_answer(&bench, 0x8000);
	expect_that_the_probe_tells(&bench, id, 0x7c00);
}

static void a_lost_probe_is_followed_by_another(void **state)
{
	int id = lose_the_end_of_a_burst(&bench);

	(void)state;
	expect_a_probe_after(&bench, MS / 2, 0x8000);
	expect_a_probe_after(&bench, 2 * 200 + 4 * 75, 0x4000);         /* 200 measured twice: mean deviation 75 */
	bench.now += 200;
	bench_answer(&bench, 0x4000);
	expect_that_the_probe_tells(&bench, id, 0xbc00);
}

static void a_probe_whose_answer_is_late_tells_too(void **state)
{
	struct bench *b = &bench;
	int id = lose_the_end_of_a_burst(b);
	struct stream_head first, second;
	struct stream_read read;

	(void)state;
	expect_a_probe_after(b, MS / 2, 0x8000);
	first = b->head;
	read  = b->read;
	expect_a_probe_after(b, 2 * 200 + 4 * 75, 0x4000);
	second = b->head;
	b->now += 10;
	bench_segment(b, &first, &read, 15);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	assert_int_equal(b->read.want, 0x3c00);
	b->now += 200;
	bench_segment(b, &second, &read, 14);
	bench_answer(b, UINT64_MAX);
	assert_int_equal(stream_take(&b->stream, id), STREAM_READY);
	bench_expect(b, 0, 0, 16384);
}

static void a_second_silence_has_its_own_probes(void **state)
{
	(void)state;
	lose_the_end_of_a_burst(&bench);
	expect_a_probe_after(&bench, MS / 2, 0x8000);
	bench.now += 200;
	bench_answer(&bench, 0x8000);
	assert_int_equal(bench_tx(&bench), STREAM_TREAD);
	bench_sleep_read(&bench);
	assert_int_equal(bench.read.want, 0x4000);
	bench_sleep_read(&bench);
	assert_int_equal(bench.read.want, 0x2000);
	assert_int_equal(bench.stream.counters.timeouts, 0);
}

static void a_probe_behind_a_report_is_one_probe(void **state)
{
	struct bench *b = &bench;
	int id = lose_the_end_of_a_burst(b);

	(void)state;
	b->now += MS / 2;
	stream_report(&b->stream, b->now, 6, "attach");
	assert_int_equal(bench_tx(b), STREAM_TSTATUS);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	assert_int_equal(b->read.want, 0x8000);
	b->now += 200;
	bench_answer(b, 0x8000);
	expect_that_the_probe_tells(b, id, 0x7c00);
}

/* i82559er's ROM never comes back from a frame too many (docs/pxe-notes.md). */
static void a_card_that_holds_few_is_not_probed(void **state)
{
	struct bench *b = &bench;
	usec slept;

	(void)state;
	for (unsigned holds = 2; holds <= 8; holds += 6) {
		bench_begin(b, holds, 1);
		assert_int_equal(asked_again(b, 200), 0);
		bench_want(b, 0, 0, 4096);
		while (bench_tx(b))
			;
		slept = bench_sleep_read(b);
		assert_in_range(slept, holds == 2 ? 10 * MS : MS / 2, holds == 2 ? 13 * MS : 1 * MS);
		assert_int_equal(b->stream.counters.timeouts, holds == 2);
	}
}

static void a_probe_that_the_window_has_no_room_for_waits(void **state)
{
	(void)state;
	lose_the_end_of_a_burst(&bench);
	bench.stream.window.size = 5;           /* six are under way */
	bench.now += 5 * MS;
	assert_int_equal(bench_tx(&bench), 0);
	assert_int_equal(bench.stream.under_way, 6);
	bench.stream.window.size = 6;
	assert_int_equal(bench_tx(&bench), STREAM_TREAD);
	assert_int_equal(bench.read.want, 0x8000);
}

static void a_road_that_has_become_longer_is_learnt(void **state)
{
	struct bench *b = &bench;
	unsigned again = 0;

	(void)state;
	for (usec round_trip = 400; round_trip < 8 * MS; round_trip *= 2) {
		bench_begin(b, 64, 1);
		for (unsigned i = 0; i < 40; i++)
			assert_int_equal(asked_again(b, 100), 0);
		for (unsigned i = 0; i < 40; i++)
			again += asked_again(b, round_trip);
		assert_in_range(b->stream.window.srtt, round_trip * 9 / 10, round_trip * 11 / 10);
	}
	assert_in_range(again, 1, 12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_silence_is_two_round_trips_after_an_ask_and_one_after_data),
		cmocka_unit_test(nothing_is_a_silence_before_a_round_trip_was_measured),
		cmocka_unit_test(a_silence_is_never_below_half_a_ms),
		cmocka_unit_test(the_lost_end_of_a_burst_is_found_by_a_probe),
		cmocka_unit_test(a_lost_probe_is_followed_by_another),
		cmocka_unit_test(a_probe_whose_answer_is_late_tells_too),
		cmocka_unit_test(a_second_silence_has_its_own_probes),
		cmocka_unit_test(a_card_that_holds_few_is_not_probed),
		cmocka_unit_test(a_probe_that_the_window_has_no_room_for_waits),
		cmocka_unit_test(a_probe_behind_a_report_is_one_probe),
		cmocka_unit_test(a_road_that_has_become_longer_is_learnt),
	};

	return cmocka_run_group_tests_name("stream's probes", tests, NULL, NULL);
}
