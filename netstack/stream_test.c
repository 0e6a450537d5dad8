/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Asking and arriving: what the client does while its servers answer. Silence and errors: stream_trouble_test.c */
#include "netstack/stream_bench.h"

static struct bench bench;

static void a_read_is_asked_once_and_arrives(void **state)
{
	struct bench *b = &bench;
	int id;

	(void)state;
	bench_begin(b, 64, 1);
	assert_int_equal(bench_tx(b), 0);
	assert_int_equal(stream_wake_at(&b->stream), b->grant.granted_at + 1800u * USEC_PER_S);
	id = bench_want(b, 0, 8192, 65536);
	assert_int_equal(stream_wake_at(&b->stream), 0);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	assert_int_equal(b->head.request, 100);
	assert_int_equal(b->head.generation, 0);
	assert_int_equal(b->head.session, b->grant.session);
	assert_int_equal(b->read.offset, 8192);
	assert_int_equal(b->read.length, 65536);
	assert_int_equal(b->read.want, UINT64_MAX);
	assert_true(stream_address_same(&b->to, &b->a));
	assert_int_equal(bench_tx(b), 0);
	assert_int_equal(stream_take(&b->stream, id), STREAM_UNDER_WAY);
	b->now += 300;
	bench_answer(b, UINT64_MAX);
	assert_int_equal(stream_take(&b->stream, id), STREAM_READY);
	bench_expect(b, 0, 8192, 65536);
	assert_int_equal(stream_take(&b->stream, id), STREAM_FREE);
	assert_int_equal(bench_tx(b), 0);
	assert_int_equal(b->stream.counters.bytes, 65536);
	assert_int_equal(b->stream.counters.rtt_us, 300);
	assert_int_equal(b->stream.under_way, 0);
}

static void m19_every_length_is_asked_within_bounds(void **state)
{
	struct bench *b = &bench;

	(void)state;
	bench_begin(b, 64, 1);
	for (uint32_t length = 512; length <= 65536; length += 512) {
		int id = bench_want(b, 0, 512, length);

		assert_int_equal(bench_tx(b), STREAM_TREAD);    /* rd_stream_read() has judged it */
		assert_int_equal(b->read.segment % 16, 0);
		assert_true(b->read.segment <= b->grant.segment);
		bench_answer(b, UINT64_MAX);
		assert_int_equal(stream_take(&b->stream, id), STREAM_READY);
		bench_expect(b, 0, 512, length);
	}
}

static void small_segments_make_shorter_requests(void **state)
{
	struct bench *b = &bench;

	(void)state;
	bench_begin(b, 64, 1);
	assert_int_equal(stream_request_bytes_max(&b->stream), 65536);
	b->config.segment_max = 520;
	stream_init(&b->stream, &b->config, &b->grant, NULL, b->now, 1);
	assert_int_equal(b->stream.grant.segment, 512);
	assert_int_equal(stream_request_bytes_max(&b->stream), 32768);
	assert_int_equal(stream_take(&b->stream, bench_want(b, 0, 0, 32768 + 512)), STREAM_BAD_RANGE);
	assert_int_equal(stream_take(&b->stream, bench_want(b, 0, 0, 32768)), STREAM_UNDER_WAY);
}

static void what_is_not_on_the_disk_is_refused_at_once(void **state)
{
	struct bench *b = &bench;

	(void)state;
	bench_begin(b, 64, 1);
	assert_int_equal(stream_take(&b->stream, bench_want(b, 0, BENCH_DISK - 512, 1024)), STREAM_BAD_RANGE);
	assert_int_equal(stream_take(&b->stream, bench_want(b, 0, UINT64_MAX - 511, 512)), STREAM_BAD_RANGE);
	assert_int_equal(stream_take(&b->stream, bench_want(b, 0, 0, 0)), STREAM_BAD_RANGE);
	assert_int_equal(stream_take(&b->stream, bench_want(b, 0, 100, 512)), STREAM_BAD_RANGE);
	assert_int_equal(stream_take(&b->stream, bench_want(b, 0, 0, 65536 + 512)), STREAM_BAD_RANGE);
	assert_int_equal(bench_tx(b), 0);
	for (unsigned i = 0; i < STREAM_REQUESTS_MAX; i++)
		bench_want(b, i, 0, 512);
	assert_int_equal(stream_want(&b->stream, b->now, 0, 512, b->into[0]), -1);
}

static void m21_asks_only_for_what_is_missing(void **state)
{
	struct bench *b = &bench;
	uint32_t number;
	int id;

	(void)state;
	bench_begin(b, 64, 1);
	id = bench_want(b, 0, 4096, 16384);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	assert_int_equal(b->read.want, 0xffff);
	number = b->head.request;
	bench_answer(b, 0x7ff7);                        /* 15 is the last: nothing newer tells of it */
	while (bench_sleep(b) < 10 * MS && b->read.want == 0x0008)
		;                                       /* 3 is asked again early */
	assert_int_equal(b->head.type, STREAM_TREAD);
	assert_int_equal(b->head.request, number);
	assert_true(b->head.generation > 0);
	assert_int_equal(b->read.offset, 4096);
	assert_int_equal(b->read.length, 16384);
	assert_int_equal(b->read.want & 0x7ff7, 0);
	b->read.want = 0x8008;
	bench_answer(b, UINT64_MAX);
	assert_int_equal(stream_take(&b->stream, id), STREAM_READY);
	bench_expect(b, 0, 4096, 16384);
	assert_int_equal(b->stream.counters.requests, 1);
	assert_true(b->stream.counters.segments_again >= 2);
}

/* However many datagrams were asked for before. */
static void a_gap_is_asked_for_again_before_the_time_out(void **state)
{
	static const uint32_t orders[] = { 0, 0x7ffffffe, 0xfffffffe };
	struct bench *b = &bench;

	(void)state;
	for (unsigned i = 0; i < COUNT_OF(orders); i++) {
		bench_begin(b, 64, 1);
		b->stream.order = b->stream.probe_order = orders[i];
		bench_want(b, 0, 0, 16384);
		assert_int_equal(bench_tx(b), STREAM_TREAD);
		bench_answer(b, 0x0001 | 0x0004 | 0x0008);
		assert_int_equal(bench_tx(b), 0);       /* two came after it: perhaps it is only late */
		bench_answer(b, 0x0010);
		assert_int_equal(bench_tx(b), STREAM_TREAD);
		assert_int_equal(b->head.generation, 1);
		assert_int_equal(b->read.want, 0x0002);
		assert_int_equal(b->stream.counters.timeouts, 0);
		assert_int_equal(bench_tx(b), 0);
	}
}

static void a_gap_may_span_requests(void **state)
{
	struct bench *b = &bench;
	struct stream_head first;

	(void)state;
	bench_begin(b, 64, 1);
	bench_want(b, 0, 0, 2048);
	bench_want(b, 1, 4096, 4096);
	assert_int_equal(bench_tx(b), STREAM_TREAD);    /* this Tread is lost */
	first = b->head;
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	bench_answer(b, 7);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	assert_int_equal(b->head.request, first.request);
	assert_int_equal(b->head.generation, 1);
	assert_int_equal(b->read.want, 3);
}

static void a_network_that_only_mixes_up_is_given_more_time(void **state)
{
	struct bench *b = &bench;

	(void)state;
	bench_begin(b, 64, 1);
	for (unsigned round = 0; round < 4; round++) {
		struct stream_head head;
		struct stream_read read;
		int id = bench_want(b, 0, 0, 16384);

		assert_int_equal(bench_tx(b), STREAM_TREAD);
		head = b->head;
		read = b->read;
		for (unsigned i = 1; i <= 8; i++)       /* segment 0 is eight late */
			bench_segment(b, &head, &read, i);
		bench_segment(b, &head, &read, 0);
		for (unsigned i = 9; i < 16; i++)
			bench_segment(b, &head, &read, i);
		assert_int_equal(stream_take(&b->stream, id), STREAM_READY);
	}
	assert_in_range(b->stream.window.reordering, 9, 13);
	assert_int_equal(bench_tx(b), 0);
}

static void m22_drops_data_it_did_not_ask_for(void **state)
{
	struct bench *b = &bench;
	struct stream_read read;
	int id;

	(void)state;
	bench_begin(b, 4, 1);
	id = bench_want(b, 0, 8192, 8192);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	assert_int_equal(b->read.want, 0x0f);
	memset(b->into[0], 0xee, sizeof b->into[0]);
	read = b->read;
	bench_segment(b, &b->head, &read, 5);                   /* not asked for yet */
	read.offset = 8192 + 512;
	bench_segment(b, &b->head, &read, 0);                   /* not a segment's beginning */
	read.offset = 0;
	bench_segment(b, &b->head, &read, 0);                   /* before the request */
	read.offset = 16384;
	bench_segment(b, &b->head, &read, 0);                   /* behind it */
	read.offset  = 8192;
	read.segment = 512;
	bench_segment(b, &b->head, &read, 0);                   /* too short */
	read.segment = 1040;
	bench_segment(b, &b->head, &read, 0);                   /* too long */
	read.offset = 16384 + 64 * 1024;
	read.length = 0;
	bench_segment(b, &b->head, &read, 0);                   /* nothing, far behind it */
	assert_int_equal(b->stream.counters.dropped_foreign, 7);
	for (unsigned i = 0; i < sizeof b->into[0]; i++)
		assert_int_equal(b->into[0][i], 0xee);
	assert_int_equal(stream_take(&b->stream, id), STREAM_UNDER_WAY);
	assert_int_equal(b->stream.under_way, 4);
}

static void m23_never_more_under_way_than_the_smaller_window(void **state)
{
	struct bench *b = &bench;
	unsigned most = 0, rounds = 0;
	uint64_t got = 0;

	(void)state;
	for (unsigned theirs = 3; theirs <= 20; theirs += 17) {
		bench_begin(b, 8, 1);
		b->grant.window = (uint16_t)theirs;
		stream_init(&b->stream, &b->config, &b->grant, NULL, b->now, 1);
		for (unsigned i = 0; i < 4; i++)
			bench_want(b, i, i * 65536, 20480);
		for (got = 0, most = 0, rounds = 0; got < 4 * 20480 && rounds < 500; rounds++) {
			while (bench_tx(b))
				;
			most = (unsigned)max_u64(most, b->stream.under_way);
			assert_true(b->stream.under_way <= (theirs < 8 ? theirs : 8));
			for (unsigned i = 0; i < 4; i++) {      /* one segment arrives */
				struct stream_request *r = &b->stream.requests[i];
				struct stream_head head = b->head;
				struct stream_read read = b->read;

				if (!r->under_way)
					continue;
				head.request    = r->number;
				head.generation = r->generation;
				read.offset     = r->offset;
				read.length     = r->length;
				for (unsigned n = 0; n < 64; n++)
					if (r->under_way >> n & 1) {
						bench_segment(b, &head, &read, n);
						break;
					}
				break;
			}
			got = b->stream.counters.bytes;
		}
		assert_int_equal(got, 4 * 20480);
		assert_int_equal(most, theirs < 8 ? theirs : 8);
	}
}

static void demand_goes_before_read_ahead(void **state)
{
	struct bench *b = &bench;
	int ahead;

	(void)state;
	bench_begin(b, 64, 1);
	ahead = stream_want_ahead(&b->stream, b->now, 65536, 4096, b->into[0]);
	stream_want_ahead(&b->stream, b->now, 2 * 65536, 4096, b->into[1]);
	bench_want(b, 2, 0, 4096);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	assert_int_equal(b->read.offset, 0);
	assert_int_equal(b->head.flags, 0);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	assert_int_equal(b->read.offset, 65536);
	assert_int_equal(b->head.flags, STREAM_AHEAD);
	bench_begin(b, 64, 1);
	stream_want_ahead(&b->stream, b->now, 65536, 4096, b->into[0]);
	ahead = stream_want_ahead(&b->stream, b->now, 2 * 65536, 4096, b->into[1]);
	assert_true(stream_hurry(&b->stream, ahead));
	assert_false(stream_hurry(&b->stream, ahead));
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	assert_int_equal(b->read.offset, 2 * 65536);
	assert_int_equal(b->head.flags, 0);
}

static void the_driver_says_so_in_every_request(void **state)
{
	struct bench *b = &bench;

	(void)state;
	bench_begin(b, 64, 1);
	b->config.stage_flag = STREAM_DRIVER;
	stream_init(&b->stream, &b->config, &b->grant, NULL, b->now, 1);
	bench_want(b, 0, 0, 512);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	assert_int_equal(b->head.flags, STREAM_DRIVER);
}

static void m04_twice_or_late_never_touches_what_was_taken(void **state)
{
	struct bench *b = &bench;
	struct stream_head head;
	struct stream_read read;
	int id;

	(void)state;
	bench_begin(b, 64, 1);
	id = bench_want(b, 0, 0, 4096);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	head = b->head;
	read = b->read;
	bench_answer(b, 1);
	b->into[0][5] = 0xee;
	bench_answer(b, 1);                             /* twice: not even written again */
	assert_int_equal(b->into[0][5], 0xee);
	assert_int_equal(b->stream.counters.dropped_duplicate, 1);
	bench_answer(b, UINT64_MAX);
	memset(b->into[0], 0xee, 4096);
	bench_segment(b, &head, &read, 1);              /* ready, not yet taken */
	assert_int_equal(stream_take(&b->stream, id), STREAM_READY);
	assert_int_equal(bench_want(b, 1, 0, 4096), id);        /* the place is used again, the number is not */
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	assert_int_not_equal(b->head.request, head.request);
	bench_segment(b, &head, &read, 1);
	assert_int_equal(b->stream.counters.dropped_late, 2);
	stream_drop(&b->stream, id);
	assert_int_equal(b->stream.under_way, 0);
	bench_answer(b, UINT64_MAX);                    /* dropped: nobody wants it */
	for (unsigned i = 0; i < 4096; i++) {
		assert_int_equal(b->into[0][i], 0xee);
		assert_int_equal(b->into[1][i], 0);
	}
}

static void m05_damaged_data_is_never_taken(void **state)
{
	struct bench *b = &bench;
	struct reply r;

	(void)state;
	bench_begin(b, 64, 1);
	bench_want(b, 0, 0, 512);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	for (unsigned bit = 0; bit < (STREAM_DATA_HEAD_BYTES + 512) * 8; bit++) {
		reply_begin(b, &r, STREAM_RDATA);
		wr_be64(&r.w, 0);
		for (unsigned i = 0; i < 512; i++)
			wr_u8(&r.w, 1);
		stream_seal(r.bytes, wr_used(&r.w, r.bytes), &b->grant.content);
		r.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
		stream_rx(&b->stream, b->now, &b->a, rd_over(r.bytes, wr_used(&r.w, r.bytes)));
	}
	assert_int_equal(b->stream.counters.bytes, 0);
	assert_int_equal(b->stream.under_way, 1);
	bench_answer(b, 1);
	assert_int_equal(b->stream.counters.bytes, 512);
}

static void m16_data_of_another_content_is_never_taken(void **state)
{
	struct bench *b = &bench;

	(void)state;
	bench_begin(b, 64, 1);
	bench_want(b, 0, 0, 512);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	b->grant.content.id[3]++;
	bench_answer(b, 1);
	assert_int_equal(b->stream.counters.bytes, 0);
	assert_int_equal(b->stream.counters.dropped_check, 1);
}

static void m08_drops_what_does_not_answer(void **state)
{
	struct bench *b = &bench;
	struct stream_address stranger = stream_address_ipv4(0x0a000009, 6910);
	struct stream_head head;
	struct reply r;

	(void)state;
	bench_begin(b, 64, 1);
	bench_want(b, 0, 0, 512);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	head = b->head;
	b->head.session++;
	bench_answer(b, 1);                             /* another session */
	b->head = head;
	b->head.request++;
	bench_answer(b, 1);                             /* another number */
	b->head = head;
	b->to = stranger;
	bench_answer(b, 1);                             /* somebody else */
	b->to = b->a;
	reply_begin(b, &r, STREAM_RPING);
	reply_from(b, &r, &b->a);                       /* a type that does not answer a read */
	reply_begin(b, &r, STREAM_RSTATUS);
	reply_from(b, &r, &b->a);
	assert_int_equal(b->stream.counters.bytes, 0);
	assert_int_equal(b->stream.counters.dropped_foreign, 3);
	assert_int_equal(b->stream.counters.dropped_late, 2);
	b->head.generation = 200;                       /* any generation's data is right */
	bench_answer(b, 1);
	assert_int_equal(b->stream.counters.bytes, 512);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_read_is_asked_once_and_arrives),
		cmocka_unit_test(m19_every_length_is_asked_within_bounds),
		cmocka_unit_test(small_segments_make_shorter_requests),
		cmocka_unit_test(what_is_not_on_the_disk_is_refused_at_once),
		cmocka_unit_test(m21_asks_only_for_what_is_missing),
		cmocka_unit_test(a_gap_is_asked_for_again_before_the_time_out),
		cmocka_unit_test(a_gap_may_span_requests),
		cmocka_unit_test(a_network_that_only_mixes_up_is_given_more_time),
		cmocka_unit_test(m22_drops_data_it_did_not_ask_for),
		cmocka_unit_test(m23_never_more_under_way_than_the_smaller_window),
		cmocka_unit_test(demand_goes_before_read_ahead),
		cmocka_unit_test(the_driver_says_so_in_every_request),
		cmocka_unit_test(m04_twice_or_late_never_touches_what_was_taken),
		cmocka_unit_test(m05_damaged_data_is_never_taken),
		cmocka_unit_test(m16_data_of_another_content_is_never_taken),
		cmocka_unit_test(m08_drops_what_does_not_answer),
	};

	return cmocka_run_group_tests_name("stream", tests, NULL, NULL);
}
