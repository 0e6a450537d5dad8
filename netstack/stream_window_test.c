/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* How long an answer may take, and how much is under way: M28 and M29. */
#include "netstack/stream_bench.h"
#include "netstack/stream_window.h"

static struct bench bench;

static void m28_a_first_request_waits_250_ms_then_longer(void **state)
{
	static const unsigned waits_ms[] = { 250, 500, 1000, 2000, 2000 };
	struct bench *b = &bench;

	(void)state;
	bench_begin(b, 64, 1);
	bench_want(b, 0, 0, 512);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	for (unsigned i = 0; i < COUNT_OF(waits_ms); i++) {
		usec slept = bench_sleep_read(b);

		assert_in_range(slept, waits_ms[i] * MS, waits_ms[i] * MS * 5 / 4 + 1);
		assert_int_equal(b->head.generation, i + 1);
	}
}

static void m28_measured_round_trips_make_the_time_out(void **state)
{
	struct bench *b = &bench;
	usec slept;

	(void)state;
	bench_begin(b, 64, 1);
	for (unsigned i = 0; i < 100; i++) {
		int id = bench_want(b, 0, 0, 512);

		assert_int_equal(bench_tx(b), STREAM_TREAD);
		b->now += 100 * MS;
		bench_answer(b, 1);
		assert_int_equal(stream_take(&b->stream, id), STREAM_READY);
	}
	assert_in_range(b->stream.window.srtt, 99 * MS, 101 * MS);
	bench_want(b, 0, 0, 512);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	slept = bench_sleep_read(b);
	assert_in_range(slept, 95 * MS, 140 * MS);
}

static void m28_never_below_10_ms(void **state)
{
	struct bench *b = &bench;
	usec slept;

	(void)state;
	bench_begin(b, 64, 1);
	for (unsigned i = 0; i < 100; i++) {
		int id = bench_want(b, 0, 0, 512);

		assert_int_equal(bench_tx(b), STREAM_TREAD);
		b->now += 50;
		bench_answer(b, 1);
		assert_int_equal(stream_take(&b->stream, id), STREAM_READY);
	}
	bench_want(b, 0, 0, 512);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	assert_int_equal(bench_sleep_read(b), MS / 2);  /* the probe */
	assert_int_equal(bench_sleep_read(b), MS / 2);  /* and the second, which is the last */
	assert_int_equal(b->stream.counters.timeouts, 0);
	slept = bench_sleep_read(b);
	assert_in_range(slept, 10 * MS, 13 * MS);
	assert_int_equal(b->stream.counters.timeouts, 1);
}

/* A small read has no three later segments: its last one is evidence enough, until the network mixes them up. */
static void what_was_asked_last_tells_of_all_before(void **state)
{
	struct bench *b = &bench;
	int id;

	(void)state;
	bench_begin(b, 64, 1);
	id = bench_want(b, 0, 0, 4096);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	bench_answer(b, 0x0d);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	assert_int_equal(b->read.want, 0x02);
	bench_answer(b, 0x02);
	assert_int_equal(stream_take(&b->stream, id), STREAM_READY);
	assert_int_equal(b->stream.counters.timeouts, 0);

	b->stream.window.reordering = STREAM_REORDERING + 1;
	bench_want(b, 0, 8192, 4096);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	bench_answer(b, 0x0d);
	assert_int_equal(bench_tx(b), 0);
}

static void a_lost_tread_is_one_loss(void **state)
{
	struct bench *b = &bench;

	(void)state;
	bench_begin(b, 64, 1);
	bench_want(b, 0, 0, 16384);
	bench_want(b, 1, 65536, 4096);
	assert_int_equal(bench_tx(b), STREAM_TREAD);    /* lost, with 16 segments in it */
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	bench_answer(b, 7);
	assert_int_equal(b->stream.counters.segments_early, 16);
	assert_int_equal(b->stream.window.lost, 1);
}

static void m28_an_answer_is_measured_from_the_sending_it_names(void **state)
{
	struct bench *b = &bench;
	struct stream_head first;
	usec slept;

	(void)state;
	bench_begin(b, 64, 1);
	bench_want(b, 0, 0, 512);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	first = b->head;
	slept = bench_sleep_read(b);
	b->now += 1 * MS;
	bench_segment(b, &first, &b->read, 0);
	assert_int_equal(b->stream.counters.bytes, 512);
	assert_int_equal(b->stream.window.srtt, slept + 1 * MS);
	bench_begin(b, 64, 1);
	bench_want(b, 1, 0, 512);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	bench_sleep_read(b);
	b->now += 1 * MS;
	bench_answer(b, 1);
	assert_int_equal(b->stream.window.srtt, 1 * MS);
}

static void m29_a_time_out_halves_the_window_down_to_one(void **state)
{
	struct bench *b = &bench;
	unsigned size = 32;

	(void)state;
	bench_begin(b, 32, 1);
	bench_want(b, 0, 0, 65536);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	assert_int_equal(b->stream.under_way, 32);
	while (size > 1) {
		bench_sleep_read(b);
		size /= 2;
		assert_int_equal(b->stream.window.size, size);
		assert_int_equal(b->stream.under_way, size);
	}
	bench_sleep_read(b);
	assert_int_equal(b->stream.window.size, 1);
}

static void m29_requests_that_time_out_together_halve_it_once(void **state)
{
	struct bench *b = &bench;

	(void)state;
	bench_begin(b, 32, 1);
	for (unsigned i = 0; i < 8; i++) {
		bench_want(b, i, 0, 4096);
		assert_int_equal(bench_tx(b), i < 8 ? STREAM_TREAD : 0);
	}
	b->now += 400 * MS;
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	assert_int_equal(b->stream.counters.timeouts, 8);
	assert_int_equal(b->stream.window.size, 16);
}

/* So many arrive of a window that is kept full. */
static void arrive(struct stream_window *w, unsigned n)
{
	while (n--) {
		stream_window_asked(w, w->size);
		stream_window_arrived(w);
	}
}

static void m29_a_full_window_that_arrives_whole_adds_one(void **state)
{
	struct stream_window w;

	(void)state;
	stream_window_init(&w, 0, 32);
	stream_window_timed_out(&w, 5 * MS, 1);
	assert_int_equal(w.size, 16);
	arrive(&w, 15);
	assert_int_equal(w.size, 16);
	arrive(&w, 1);
	assert_int_equal(w.size, 17);
	stream_window_lost(&w);
	stream_window_lost(&w);
	arrive(&w, 15);
	assert_int_equal(w.size, 17);                   /* not whole */
	for (unsigned i = 0; i < 4; i++)
		stream_window_lost(&w);
	arrive(&w, 13);
	assert_int_equal(w.size, 13);                   /* a quarter of it was too much */
	arrive(&w, 1000);
	assert_int_equal(w.size, 32);
}

static void m29_it_doubles_until_the_first_loss(void **state)
{
	struct stream_window w;

	(void)state;
	stream_window_init(&w, 8, 50);
	assert_int_equal(w.size, 8);
	arrive(&w, 8);
	assert_int_equal(w.size, 16);
	arrive(&w, 16);
	assert_int_equal(w.size, 32);
	arrive(&w, 32);
	assert_int_equal(w.size, 50);
	stream_window_init(&w, 8, 50);
	arrive(&w, 8);
	stream_window_lost(&w);
	arrive(&w, 15);
	assert_int_equal(w.size, 17);
	arrive(&w, 17);
	assert_int_equal(w.size, 18);
	stream_window_init(&w, 100, 300);
	assert_int_equal(w.size, 64);                   /* M29 */
}

/* A few small reads come whole through any road: they say nothing of what it holds. */
static void m29_a_window_that_is_not_full_does_not_grow(void **state)
{
	struct stream_window w;

	(void)state;
	stream_window_init(&w, 16, 64);
	for (unsigned i = 0; i < 1000; i++) {
		stream_window_asked(&w, 11);
		stream_window_arrived(&w);
	}
	assert_int_equal(w.size, 16);
	stream_window_init(&w, 16, 64);
	arrive(&w, 16);
	assert_int_equal(w.size, 32);
	for (unsigned i = 0; i < 1000; i++) {           /* it was full once, which says nothing of now */
		stream_window_asked(&w, 11);
		stream_window_arrived(&w);
	}
	assert_int_equal(w.size, 32);
}

static void m29_a_stream_tells_its_window_when_it_is_full(void **state)
{
	struct bench *b = &bench;

	(void)state;
	bench_begin(b, 64, 1);
	b->config.window_first = 16;
	stream_init(&b->stream, &b->config, &b->grant, NULL, b->now, 1);
	bench_want(b, 0, 0, 65536);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	assert_int_equal(b->stream.under_way, 16);
	bench_answer(b, UINT64_MAX);
	assert_int_equal(b->stream.window.size, 32);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	assert_int_equal(b->stream.under_way, 32);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(m28_a_first_request_waits_250_ms_then_longer),
		cmocka_unit_test(m28_measured_round_trips_make_the_time_out),
		cmocka_unit_test(m28_never_below_10_ms),
		cmocka_unit_test(what_was_asked_last_tells_of_all_before),
		cmocka_unit_test(a_lost_tread_is_one_loss),
		cmocka_unit_test(m28_an_answer_is_measured_from_the_sending_it_names),
		cmocka_unit_test(m29_a_time_out_halves_the_window_down_to_one),
		cmocka_unit_test(m29_requests_that_time_out_together_halve_it_once),
		cmocka_unit_test(m29_a_full_window_that_arrives_whole_adds_one),
		cmocka_unit_test(m29_it_doubles_until_the_first_loss),
		cmocka_unit_test(m29_a_window_that_is_not_full_does_not_grow),
		cmocka_unit_test(m29_a_stream_tells_its_window_when_it_is_full),
	};

	return cmocka_run_group_tests_name("stream's window", tests, NULL, NULL);
}
