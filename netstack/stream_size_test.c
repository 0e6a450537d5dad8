/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* How large a stream's segments are: as is allowed, once a ping has shown that the path carries it. */
#include "netstack/stream_bench.h"
#include "netstack/stream_size.h"
#include "netstack/stream_window.h"

enum { SURE = STREAM_SEGMENT_BYTES, LARGE = STREAM_SEGMENT_BYTES_IPV4, ECHO = LARGE + 8 };

static struct bench bench;

static struct bench *begin(unsigned servers, uint16_t segment)
{
	struct bench *b = &bench;

	bench_begin(b, 64, servers);
	b->config.segment_max = b->config.who.segment = b->grant.segment = segment;
	stream_init(&b->stream, &b->config, &b->grant, NULL, b->now, 1);
	return b;
}

/* Answers the Tread that was sent last and all that follow, until the request is complete. */
static void answer_all(struct bench *b, int id, uint16_t segment)
{
	for (;;) {
		assert_int_equal(b->read.segment, segment);
		bench_answer(b, UINT64_MAX);
		if (b->stream.requests[id].state != STREAM_UNDER_WAY)
			break;
		bench_sleep_read(b);
	}
	assert_int_equal(stream_take(&b->stream, id), STREAM_READY);
}

static void read_all(struct bench *b, unsigned place, uint64_t offset, uint16_t segment)
{
	int id = bench_want(b, place, offset, 32768);

	bench_sleep_read(b);
	answer_all(b, id, segment);
	bench_expect(b, place, offset, 32768);
}

/* The path is known; what b->to is, is the server that showed it. */
static void prove(struct bench *b)
{
	while (bench_tx(b) != STREAM_TPING)
		;
	bench_pong(b, ECHO);
}

static void a_ping_goes_behind_the_first_read_and_makes_the_next_large(void **state)
{
	struct bench *b = begin(1, LARGE);

	(void)state;
	bench_want(b, 0, 0, 4096);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	assert_int_equal(b->read.segment, SURE);
	assert_int_equal(bench_tx(b), STREAM_TPING);
	assert_int_equal(b->echo, ECHO);
	assert_int_equal(b->head.generation, 0);
	bench_pong(b, ECHO);
	assert_int_equal(bench_tx(b), 0);
	read_all(b, 1, 65536, LARGE);
	bench_sleep_read(b);                            /* the first one is as it was (M21) */
	assert_int_equal(b->read.offset, 0);
	assert_int_equal(b->read.segment, SURE);
}

static void pings_that_are_lost_leave_the_segments_small(void **state)
{
	struct bench *b = begin(1, LARGE);
	usec wait = 250 * MS;

	(void)state;
	assert_int_equal(bench_tx(b), STREAM_TPING);
	for (unsigned generation = 1; generation < 9; generation++) {
		assert_int_equal(bench_sleep(b), wait);
		assert_int_equal(b->head.type, STREAM_TPING);
		assert_int_equal(b->head.generation, generation);
		wait *= 2;
	}
	assert_int_equal(stream_wake_at(&b->stream), b->now + 60 * USEC_PER_S);
	read_all(b, 0, 0, SURE);
	b->head.type = STREAM_TPING;
	b->head.request = b->stream.size.number;
	bench_pong(b, ECHO);                            /* it was another tunnel that fell away */
	read_all(b, 0, 0, LARGE);
	assert_int_equal(stream_wake_at(&b->stream), b->stream.refresh_at);     /* no more pings */
}

/* Its answer is one datagram more than the window counts. */
static void a_window_that_is_full_has_no_room_for_a_ping(void **state)
{
	struct bench *b = begin(1, LARGE);

	(void)state;
	stream_window_limit(&b->stream.window, 4);
	bench_want(b, 0, 0, 32768);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	assert_int_equal(b->read.want, 15);
	assert_int_equal(bench_tx(b), 0);
	assert_true(stream_wake_at(&b->stream) > b->now);
	bench_answer(b, 1);
	assert_int_equal(bench_tx(b), STREAM_TPING);
}

static void a_new_login_that_allows_less_is_pinged_for_again(void **state)
{
	struct bench *b = begin(1, LARGE);

	(void)state;
	assert_int_equal(bench_tx(b), STREAM_TPING);
	stream_size_limit(&b->stream, 1424);
	bench_pong(b, ECHO);
	assert_int_equal(b->stream.grant.segment, SURE);
	bench_sleep(b);
	assert_int_equal(b->head.type, STREAM_TPING);
	assert_int_equal(b->echo, 1424 + 8);
	bench_pong(b, 1424 + 8);
	read_all(b, 0, 0, 1424);
}

static void only_what_answers_the_ping_makes_them_large(void **state)
{
	struct bench *b = begin(2, LARGE);

	(void)state;
	assert_int_equal(bench_tx(b), STREAM_TPING);
	bench_pong(b, ECHO - 1);
	b->head.request++;
	bench_pong(b, ECHO);
	b->head.request--;
	b->to = b->b;
	bench_pong(b, ECHO);                            /* another path */
	assert_int_equal(b->stream.counters.dropped_foreign, 3);
	assert_int_equal(b->stream.grant.segment, SURE);
	b->to = b->a;
	bench_pong(b, ECHO);
	assert_int_equal(b->stream.grant.segment, LARGE);
}

static void what_fits_everywhere_is_not_pinged_for(void **state)
{
	struct bench *b = begin(1, SURE);

	(void)state;
	assert_int_equal(bench_tx(b), 0);
	read_all(b, 0, 0, SURE);
}

static void jumbo_frames_are_pinged_for_too(void **state)
{
	struct bench *b = begin(1, STREAM_SEGMENT_BYTES_MAX);
	uint8_t room[STREAM_DATA_HEAD_BYTES + STREAM_SEGMENT_BYTES_MAX];
	struct wr w = wr_over(room, sizeof room);

	(void)state;
	assert_true(stream_tx(&b->stream, b->now, &w, &b->to) && wr_ok(&w));
	assert_int_equal(wr_used(&w, room), sizeof room);
	assert_int_equal(b->stream.grant.segment, SURE);
}

/* Whoever lends the room knows how long the card's frames are. */
static void a_ping_that_the_card_cannot_send_is_none(void **state)
{
	struct bench *b = begin(1, LARGE);
	uint8_t room[STREAM_MESSAGE_BYTES_MAX];

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		struct wr w = wr_over(room, sizeof room);

		assert_false(stream_tx(&b->stream, b->now, &w, &b->to));
		assert_true(stream_wake_at(&b->stream) > b->now);
		b->now = stream_wake_at(&b->stream);
	}
	assert_int_equal(b->stream.grant.segment, SURE);
}

static void another_server_is_another_path(void **state)
{
	struct bench *b = begin(2, LARGE);
	uint32_t number;

	(void)state;
	prove(b);
	bench_want(b, 0, 0, 32768);
	bench_want(b, 1, 65536, 512);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	assert_int_equal(b->read.segment, LARGE);
	number = b->head.request;
	bench_answer(b, 5);
	while (stream_address_same(&b->to, &b->a))
		bench_sleep_read(b);
	assert_int_equal(b->stream.counters.failovers, 1);
	assert_int_equal(b->read.segment, SURE);
	assert_int_equal(b->read.offset, 0);
	assert_int_not_equal(b->head.request, number);
	assert_int_equal(b->head.generation, 0);
	assert_true(b->read.want & 1);                  /* although it had come, in another length */
	answer_all(b, 0, SURE);
	bench_expect(b, 0, 0, 32768);
	bench_sleep_read(b);
	answer_all(b, 1, SURE);
	bench_expect(b, 1, 65536, 512);
	prove(b);
	assert_true(stream_address_same(&b->to, &b->b));
	read_all(b, 2, 131072, LARGE);
}

/* The path may have become smaller: with another server left to go to, or none. */
static void a_second_of_silence_is_another_path(void **state)
{
	struct bench *b = begin(1, LARGE);

	(void)state;
	prove(b);
	bench_want(b, 0, 0, 4096);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	assert_int_equal(b->read.segment, LARGE);
	bench_answer(b, 4);                             /* the last one is short */
	while (b->read.segment == LARGE)
		bench_sleep_read(b);
	assert_true(b->now <= 7 * USEC_PER_S + 1100 * MS);
	answer_all(b, 0, SURE);
	bench_expect(b, 0, 0, 4096);
	prove(b);
	read_all(b, 1, 65536, LARGE);
}

static void what_is_cut_anew_keeps_its_order(void **state)
{
	struct bench *b = begin(2, LARGE);

	(void)state;
	prove(b);
	bench_want(b, 0, 0, 512);
	bench_want(b, 1, 4096, 512);
	while (bench_tx(b))
		if (b->read.offset == 0)
			bench_answer(b, 1);
	assert_int_equal(stream_take(&b->stream, 0), STREAM_READY);
	assert_int_equal(bench_want(b, 0, 8192, 512), 0);       /* younger, and in front of the other */
	while (bench_tx(b))
		;
	while (stream_address_same(&b->to, &b->a))
		bench_sleep_read(b);
	assert_int_equal(b->read.offset, 4096);
	bench_answer(b, 1);
	bench_sleep_read(b);
	assert_int_equal(b->read.offset, 8192);
}

static void another_address_of_ours_is_another_path(void **state)
{
	struct bench *b = begin(1, LARGE);

	(void)state;
	prove(b);
	assert_int_equal(b->stream.grant.segment, LARGE);
	stream_moved(&b->stream, b->now);
	assert_int_equal(b->stream.grant.segment, SURE);
}

static void a_new_login_may_allow_less(void **state)
{
	struct bench *b = begin(1, LARGE);

	(void)state;
	assert_int_equal(bench_tx(b), STREAM_TPING);
	b->head.type = STREAM_TPING;
	stream_moved(&b->stream, b->now);
	assert_int_equal(bench_tx(b), STREAM_TLOGIN);
	bench_login(b, "t2");                           /* BENCH_SEGMENT */
	assert_int_equal(b->stream.grant.segment, BENCH_SEGMENT);
	b->head.request = b->stream.size.number;
	bench_pong(b, ECHO);
	bench_pong(b, BENCH_SEGMENT + 8);
	assert_int_equal(b->stream.grant.segment, BENCH_SEGMENT);
	read_all(b, 0, 0, BENCH_SEGMENT);
}

static void a_request_that_small_segments_do_not_hold_stays_as_it_is(void **state)
{
	struct bench *b = begin(2, LARGE);

	(void)state;
	prove(b);
	bench_want(b, 0, 0, STREAM_REQUEST_BYTES_MAX);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	b->stream.size.allowed = b->stream.grant.segment = STREAM_SEGMENT_BYTES_MIN;    /* as by a new login */
	while (stream_address_same(&b->to, &b->a))
		bench_sleep_read(b);
	answer_all(b, 0, LARGE);
	bench_expect(b, 0, 0, STREAM_REQUEST_BYTES_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_ping_goes_behind_the_first_read_and_makes_the_next_large),
		cmocka_unit_test(pings_that_are_lost_leave_the_segments_small),
		cmocka_unit_test(a_window_that_is_full_has_no_room_for_a_ping),
		cmocka_unit_test(a_new_login_that_allows_less_is_pinged_for_again),
		cmocka_unit_test(only_what_answers_the_ping_makes_them_large),
		cmocka_unit_test(what_fits_everywhere_is_not_pinged_for),
		cmocka_unit_test(jumbo_frames_are_pinged_for_too),
		cmocka_unit_test(a_ping_that_the_card_cannot_send_is_none),
		cmocka_unit_test(another_server_is_another_path),
		cmocka_unit_test(a_second_of_silence_is_another_path),
		cmocka_unit_test(what_is_cut_anew_keeps_its_order),
		cmocka_unit_test(another_address_of_ours_is_another_path),
		cmocka_unit_test(a_new_login_may_allow_less),
		cmocka_unit_test(a_request_that_small_segments_do_not_hold_stays_as_it_is),
	};

	return cmocka_run_group_tests_name("stream: size", tests, NULL, NULL);
}
