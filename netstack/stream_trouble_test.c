/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Silence, errors, other servers, other tickets: what the client does when its server does not simply answer. */
#include "netstack/stream_bench.h"

static struct bench bench;

static void m30_a_server_silent_for_a_second_is_left(void **state)
{
	struct bench *b = &bench;
	usec start, other = 0;
	uint32_t number;

	(void)state;
	bench_begin(b, 64, 2);
	bench_want(b, 0, 0, 2048);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	start  = b->now;
	number = b->head.request;
	do
		bench_sleep_read(b);
	while (stream_address_same(&b->to, &b->a) && b->now - start < 10 * USEC_PER_S);
	other = b->now - start;
	assert_true(stream_address_same(&b->to, &b->b));
	assert_in_range(other, 1000 * MS, 1001 * MS);
	assert_int_equal(stream_status(&b->stream), STREAM_QUIET);
	assert_int_equal(b->head.request, number);
	assert_int_equal(b->read.want, 3);
	assert_int_equal(b->read.ticket.len, 2);
	assert_memory_equal(b->read.ticket.bytes, "t1", 2);
	assert_int_equal(b->stream.counters.failovers, 1);
	bench_answer(b, 3);
	assert_int_equal(stream_status(&b->stream), STREAM_FLOWING);
	bench_expect(b, 0, 0, 2048);
	bench_want(b, 1, 0, 512);                       /* and it is asked from now on */
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	assert_true(stream_address_same(&b->to, &b->b));
}

static void m30_after_the_last_server_comes_the_first(void **state)
{
	struct bench *b = &bench;
	usec start;

	(void)state;
	bench_begin(b, 64, 2);
	bench_want(b, 0, 0, 2048);
	start = b->now;
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	while (b->now - start < 1500 * MS)
		bench_sleep(b);
	assert_true(stream_address_same(&b->to, &b->b));
	while (b->now - start < 2500 * MS)
		bench_sleep_read(b);
	assert_true(stream_address_same(&b->to, &b->a));
	assert_int_equal(b->stream.counters.failovers, 2);
}

static void m30_the_only_server_is_asked_on_with_a_login_every_5_s(void **state)
{
	struct bench *b = &bench;
	unsigned reads = 0, logins = 0;
	usec start, last = 0;

	(void)state;
	bench_begin(b, 64, 1);
	bench_want(b, 0, 0, 512);
	start = b->now;
	while (b->now - start < 30u * USEC_PER_S) {
		bench_sleep(b);
		if (b->head.type == STREAM_TLOGIN) {
			assert_true(logins == 0 || b->now - last >= 5u * USEC_PER_S);
			assert_int_equal(b->head.session, b->grant.session);
			assert_true(tlv_has(&b->set, TLV_CONTENT));
			last = b->now;
			logins++;
		} else {
			reads++;
		}
		assert_true(stream_address_same(&b->to, &b->a));
	}
	assert_in_range(logins, 6, 7);
	assert_in_range(reads, 13, 20);
	assert_int_equal(stream_status(&b->stream), STREAM_QUIET);
	assert_int_equal(stream_take(&b->stream, 0), STREAM_UNDER_WAY);         /* never an error */
}

static void whoever_did_not_look_for_an_hour_blames_nobody(void **state)
{
	struct bench *b = &bench;

	(void)state;
	bench_begin(b, 64, 2);
	bench_want(b, 0, 0, 512);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	b->now += 3600u * USEC_PER_S;
	while (bench_tx(b))
		assert_true(stream_address_same(&b->to, &b->a));
	assert_int_equal(b->stream.counters.failovers, 0);
}

static void m24_login_again_gets_a_new_ticket_beside_the_reads(void **state)
{
	struct bench *b = &bench;
	struct stream_head refused;

	(void)state;
	bench_begin(b, 64, 1);
	bench_want(b, 0, 0, 2048);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	refused = b->head;
	bench_error(b, ERROR_LOGIN_AGAIN);
	assert_int_equal(b->stream.under_way, 0);
	assert_int_equal(bench_tx(b), STREAM_TLOGIN);
	assert_int_equal(b->head.session, b->grant.session);
	assert_true(b->head.request & LOGIN_REQUEST);
	bench_want(b, 1, 4096, 512);
	assert_int_equal(bench_tx(b), STREAM_TREAD);            /* reads go on meanwhile */
	b->head.type = STREAM_TLOGIN;
	b->head.request = b->stream.login.request;
	bench_login(b, "t2");
	assert_int_equal(b->stream.counters.logins, 1);
	assert_int_equal(bench_tx(b), STREAM_TREAD);            /* at once, with the new ticket */
	assert_int_equal(b->head.request, refused.request);
	assert_memory_equal(b->read.ticket.bytes, "t2", 2);
	refused.generation = 0;
	b->head = refused;
	bench_error(b, ERROR_LOGIN_AGAIN);                      /* a late one, of the old ticket */
	assert_int_equal(b->stream.counters.dropped_late, 1);
	assert_int_equal(bench_tx(b), 0);
}

static void half_of_a_tickets_life_is_the_time_for_a_new_one(void **state)
{
	struct bench *b = &bench;
	usec slept;

	(void)state;
	bench_begin(b, 64, 1);
	b->now = stream_wake_at(&b->stream) - 1;
	assert_int_equal(bench_tx(b), 0);
	b->now++;
	assert_int_equal(b->now, b->grant.granted_at + 1800u * USEC_PER_S);
	assert_int_equal(bench_tx(b), STREAM_TLOGIN);
	assert_string_equal(b->set.disk, "disk");
	bench_login(b, "t2");
	slept = stream_wake_at(&b->stream) - b->now;
	assert_int_equal(slept, 1800u * USEC_PER_S);
}

static void a_new_address_means_a_new_ticket(void **state)
{
	struct bench *b = &bench;

	(void)state;
	bench_begin(b, 64, 1);
	bench_want(b, 0, 0, 512);
	stream_moved(&b->stream, b->now);
	assert_int_equal(bench_tx(b), STREAM_TLOGIN);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
}

static void m16_changed_content_is_refused_and_asked_for_on(void **state)
{
	struct bench *b = &bench;
	struct reply r;
	usec slept;

	(void)state;
	bench_begin(b, 64, 1);
	bench_want(b, 0, 0, 512);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	bench_error(b, ERROR_NO_SUCH_CONTENT);
	assert_int_equal(bench_tx(b), STREAM_TLOGIN);
	reply_begin(b, &r, STREAM_RDENY);
	wr_tlv_u16(&r.w, TLV_REASON, DENY_CONTENT_CHANGED);
	wr_tlv_text(&r.w, TLV_TEXT, "the disk was replaced");
	reply_from(b, &r, &b->a);
	assert_int_equal(stream_status(&b->stream), STREAM_REFUSED);
	assert_string_equal(b->stream.denied.text, "the disk was replaced");
	assert_int_equal(stream_take(&b->stream, 0), STREAM_UNDER_WAY);
	for (slept = 0, b->head.type = 0; b->head.type != STREAM_TLOGIN && slept < 60u * USEC_PER_S; ) {
		slept += bench_sleep(b);
		if (b->head.type == STREAM_TREAD)
			bench_error(b, ERROR_NO_SUCH_CONTENT);
	}
	assert_in_range(slept, 5000 * MS, 5001 * MS);
	bench_login(b, "t3");
	assert_int_equal(stream_status(&b->stream), STREAM_FLOWING);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	bench_answer(b, 1);
	assert_int_equal(stream_take(&b->stream, 0), STREAM_READY);
}

static void m25_an_io_error_is_asked_again_before_it_is_told(void **state)
{
	struct bench *b = &bench;
	unsigned asked = 1;

	(void)state;
	bench_begin(b, 64, 1);
	bench_want(b, 0, 0, 512);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	bench_error(b, ERROR_IO);
	assert_int_equal(stream_take(&b->stream, 0), STREAM_UNDER_WAY);
	assert_int_equal(bench_tx(b), 0);
	while (b->stream.requests[0].state == STREAM_UNDER_WAY && asked < 10) {
		bench_sleep_read(b);
		asked++;
		bench_error(b, ERROR_IO);
	}
	assert_int_equal(asked, 4);
	assert_int_equal(stream_take(&b->stream, 0), STREAM_IO_ERROR);
	assert_int_equal(stream_take(&b->stream, 0), STREAM_FREE);
	bench_want(b, 0, 0, 512);                       /* it passed */
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	bench_answer(b, 1);
	assert_int_equal(stream_take(&b->stream, 0), STREAM_READY);
}

static void m25_an_io_error_is_asked_of_another_server(void **state)
{
	struct bench *b = &bench;

	(void)state;
	bench_begin(b, 64, 2);
	bench_want(b, 0, 0, 512);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	bench_error(b, ERROR_IO);
	bench_sleep_read(b);
	assert_true(stream_address_same(&b->to, &b->b));
	bench_answer(b, 1);
	assert_int_equal(stream_take(&b->stream, 0), STREAM_READY);
}

static void what_the_server_calls_out_of_range_ends(void **state)
{
	struct bench *b = &bench;

	(void)state;
	bench_begin(b, 64, 1);
	bench_want(b, 0, 0, 512);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	bench_error(b, ERROR_OUT_OF_RANGE);
	assert_int_equal(stream_take(&b->stream, 0), STREAM_BAD_RANGE);
	assert_int_equal(b->stream.under_way, 0);
}

static void a_draining_server_is_left_while_it_answers(void **state)
{
	struct bench *b = &bench;
	struct reply r;

	(void)state;
	bench_begin(b, 64, 2);
	bench_want(b, 0, 0, 512);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	b->head.flags = STREAM_DRAINING;
	reply_begin(b, &r, STREAM_RDATA);
	wr_be64(&r.w, 0);
	for (unsigned i = 0; i < 512; i++)
		wr_u8(&r.w, bench_byte(i));
	reply_from(b, &r, &b->a);
	assert_int_equal(stream_take(&b->stream, 0), STREAM_READY);
	bench_want(b, 0, 0, 512);
	assert_int_equal(bench_tx(b), STREAM_TREAD);
	assert_true(stream_address_same(&b->to, &b->b));
}

static void a_report_is_repeated_until_it_is_answered(void **state)
{
	struct bench *b = &bench;
	struct reply r;
	usec slept;

	(void)state;
	bench_begin(b, 64, 1);
	stream_report(&b->stream, b->now, 6, "attach");
	assert_int_equal(bench_tx(b), STREAM_TSTATUS);
	assert_int_equal(b->set.step, 6);
	assert_int_equal(b->set.stage, STAGE_FIRMWARE);
	assert_string_equal(b->set.text, "attach");
	assert_true(tlv_has(&b->set, TLV_COUNTERS));
	slept = bench_sleep(b);
	assert_in_range(slept, 250 * MS, 313 * MS);
	assert_int_equal(b->head.type, STREAM_TSTATUS);
	assert_int_equal(b->head.generation, 1);
	bench_error(b, ERROR_LOGIN_AGAIN);              /* M27: then it waits for the next ticket */
	assert_int_equal(bench_tx(b), STREAM_TLOGIN);
	bench_login(b, "t2");
	assert_int_equal(bench_tx(b), STREAM_TSTATUS);
	reply_begin(b, &r, STREAM_RSTATUS);
	reply_from(b, &r, &b->a);
	slept = bench_sleep(b);
	assert_true(slept > 50u * USEC_PER_S);
}

static void m27_a_client_that_leaves_waits_a_second_at_most(void **state)
{
	struct bench *b = &bench;
	struct reply r;
	usec start;

	(void)state;
	bench_begin(b, 64, 1);
	bench_want(b, 0, 0, 512);
	stream_bye(&b->stream, b->now, "power off");
	start = b->now;
	assert_int_equal(bench_tx(b), STREAM_TBYE);
	assert_string_equal(b->set.text, "power off");
	assert_int_equal(bench_tx(b), 0);               /* nothing else is asked any more */
	while (stream_status(&b->stream) != STREAM_ENDED && b->now - start < 10 * USEC_PER_S) {
		b->now = stream_wake_at(&b->stream);
		bench_tx(b);
	}
	assert_in_range(b->now - start, 1000 * MS, 1001 * MS);
	assert_int_equal(stream_wake_at(&b->stream), NEVER);
	bench_begin(b, 64, 1);
	stream_bye(&b->stream, b->now, "power off");
	assert_int_equal(bench_tx(b), STREAM_TBYE);
	reply_begin(b, &r, STREAM_RBYE);
	reply_from(b, &r, &b->a);
	assert_int_equal(stream_status(&b->stream), STREAM_ENDED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(m30_a_server_silent_for_a_second_is_left),
		cmocka_unit_test(m30_after_the_last_server_comes_the_first),
		cmocka_unit_test(m30_the_only_server_is_asked_on_with_a_login_every_5_s),
		cmocka_unit_test(whoever_did_not_look_for_an_hour_blames_nobody),
		cmocka_unit_test(m24_login_again_gets_a_new_ticket_beside_the_reads),
		cmocka_unit_test(half_of_a_tickets_life_is_the_time_for_a_new_one),
		cmocka_unit_test(a_new_address_means_a_new_ticket),
		cmocka_unit_test(m16_changed_content_is_refused_and_asked_for_on),
		cmocka_unit_test(m25_an_io_error_is_asked_again_before_it_is_told),
		cmocka_unit_test(m25_an_io_error_is_asked_of_another_server),
		cmocka_unit_test(what_the_server_calls_out_of_range_ends),
		cmocka_unit_test(a_draining_server_is_left_while_it_answers),
		cmocka_unit_test(a_report_is_repeated_until_it_is_answered),
		cmocka_unit_test(m27_a_client_that_leaves_waits_a_second_at_most),
	};

	return cmocka_run_group_tests_name("stream, in trouble", tests, NULL, NULL);
}
