/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* A server that talks, but says nothing that helps: it must not hold the client for ever. */
#include "netstack/stream_bench.h"

static struct bench bench;

/* Rdata for the first segment of the last Tread, of another disk. */
static void answer_wrong(struct bench *b)
{
	struct stream_content other = { { 6, 6 } }, right = b->grant.content;

	b->grant.content = other;
	bench_segment(b, &b->head, &b->read, 0);
	b->grant.content = right;
}

static void m30_a_server_of_other_bytes_is_left_like_a_silent_one(void **state)
{
	struct bench *b = &bench;
	usec start;

	(void)state;
	bench_begin(b, 64, 2);
	bench_want(b, 0, 0, 1024);
	start = b->now;
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	while (stream_address_same(&b->to, &b->a) && b->now - start < 20u * USEC_PER_S) {
		answer_wrong(b);
		bench_sleep_read(b);
	}
	assert_true(stream_address_same(&b->to, &b->b));
	assert_in_range(b->now - start, 1000 * MS, 1500 * MS);
	assert_true(b->stream.counters.dropped_check >= 2);
	assert_int_equal(b->stream.counters.dropped_late, 0);
	bench_answer(b, 1);
	bench_expect(b, 0, 0, 1024);
}

static void m30_old_answers_of_other_bytes_do_not_count_either(void **state)
{
	struct bench *b = &bench;
	struct stream_head old;
	struct stream_read read;
	usec start;

	(void)state;
	bench_begin(b, 64, 2);
	stream_drop(&b->stream, (bench_want(b, 0, 0, 1024), bench_tx(b), 0));
	old  = b->head;
	read = b->read;
	bench_want(b, 0, 4096, 1024);
	start = b->now;
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	while (stream_address_same(&b->to, &b->a) && b->now - start < 20u * USEC_PER_S) {
		struct stream_head head = b->head;
		struct stream_read asked = b->read;

		b->head = old;
		b->read = read;
		answer_wrong(b);
		b->head = head;
		b->read = asked;
		bench_sleep_read(b);
	}
	assert_in_range(b->now - start, 1000 * MS, 1500 * MS);
}

static void m24_a_ticket_nobody_likes_is_renewed_once_a_second(void **state)
{
	struct bench *b = &bench;
	unsigned logins = 0, reads = 0;
	usec start;

	(void)state;
	bench_begin(b, 64, 1);
	bench_want(b, 0, 0, 1024);
	start = b->now;
	for (b->head.type = 0; b->now - start < 10u * USEC_PER_S && logins + reads < 1000; bench_sleep(b)) {
		b->now += 1 * MS;               /* the round trip */
		if (b->head.type == STREAM_TLOGIN && logins++ < 1000)
			bench_login(b, "never good");
		else if (b->head.type == STREAM_TREAD && reads++ < 1000)
			bench_error(b, ERROR_LOGIN_AGAIN);
	}
	assert_in_range(logins, 8, 11);
	assert_in_range(reads, 10, 60);
	assert_int_equal(stream_take(&b->stream, 0), STREAM_UNDER_WAY);
}

static void what_the_server_cannot_hear_is_not_reported_for_ever(void **state)
{
	struct bench *b = &bench;

	(void)state;
	bench_begin(b, 64, 1);
	stream_report(&b->stream, b->now, 8, "here");
	assert_int_equal(bench_tx(b), STREAM_TSTATUS);
	bench_error(b, ERROR_UNSUPPORTED);
	b->now += 10u * USEC_PER_S;
	assert_int_equal(bench_tx(b), 0);
}

static void m17_another_session_and_smaller_segments_count_from_the_next_tread_on(void **state)
{
	struct bench *b = &bench;
	struct reply r;

	(void)state;
	bench_begin(b, 64, 1);
	bench_want(b, 0, 0, 2048);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	bench_error(b, ERROR_LOGIN_AGAIN);
	assert_int_equal(bench_tx(b), STREAM_TLOGIN);
	b->grant.session = 77;
	reply_begin(b, &r, STREAM_RLOGIN);
	wr_tlv(&r.w, TLV_CONTENT, b->grant.content.id, STREAM_CONTENT_BYTES);
	wr_tlv_u64(&r.w, TLV_SIZE, BENCH_DISK);
	wr_tlv_text(&r.w, TLV_TICKET, "t2");
	wr_tlv_u16(&r.w, TLV_SEGMENT, 512);
	wr_tlv_u16(&r.w, TLV_WINDOW, 256);
	reply_from(b, &r, &b->to);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	assert_int_equal(b->head.session, 77);
	assert_int_equal(b->read.segment, BENCH_SEGMENT);       /* M21: unchanged */
	bench_answer(b, 3);
	bench_expect(b, 0, 0, 2048);
	bench_want(b, 1, 4096, 2048);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	assert_int_equal(b->read.segment, 512);                 /* M19 */
	assert_int_equal(b->read.want, 15);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(m30_a_server_of_other_bytes_is_left_like_a_silent_one),
		cmocka_unit_test(m30_old_answers_of_other_bytes_do_not_count_either),
		cmocka_unit_test(m24_a_ticket_nobody_likes_is_renewed_once_a_second),
		cmocka_unit_test(m17_another_session_and_smaller_segments_count_from_the_next_tread_on),
		cmocka_unit_test(what_the_server_cannot_hear_is_not_reported_for_ever),
	};

	return cmocka_run_group_tests_name("stream, lied to", tests, NULL, NULL);
}
