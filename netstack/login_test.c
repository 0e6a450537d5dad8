/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/login_bench.h"

static void a_cookie_then_a_grant(void **state)
{
	struct bench b;

	(void)state;
	begin(&b);
	assert_true(sends(&b));
	assert_false(tlv_has(&b.set, TLV_COOKIE));
	assert_int_equal(b.set.arch, 7);
	assert_string_equal(b.set.disk, "debian");
	assert_string_equal(b.set.build, "rill test");
	assert_false(tlv_has(&b.set, TLV_UUID) || tlv_has(&b.set, TLV_CONTENT));
	assert_false(sends(&b));
	answer_cookie(&b);
	assert_true(sends(&b));
	answer_login(&b);
	assert_int_equal(login_status(&b.login), LOGIN_DONE);
	assert_int_equal(login_wake_at(&b.login), NEVER);
	assert_int_equal(b.login.grant.session, 99);
	assert_int_equal(b.login.grant.size, 1 << 20);
	assert_int_equal(b.login.grant.segment, 1392);          /* theirs, as a multiple of 16 */
	assert_int_equal(b.login.grant.window, 256);            /* theirs: ours may change hands */
	assert_int_equal(b.login.grant.expires_s, 3600);
	assert_int_equal(b.login.grant.server_count, 1);
	assert_true(stream_address_same(&b.login.grant.servers[0], &b.a));
	assert_int_equal(b.login.grant.mode, MODE_READ_ONLY);
}

static void m11_a_login_has_at_least_128_bytes(void **state)
{
	struct login_who who = somebody();
	struct bench b;

	(void)state;
	for (unsigned len = 0; len <= TLV_NAME_MAX; len++) {
		memset(who.disk, 'd', len);
		who.disk[len] = 0;
		begin_as(&b, &who);
		assert_true(sends(&b));
		assert_true(b.sent_len >= STREAM_LOGIN_BYTES_MIN && b.sent_len < STREAM_LOGIN_BYTES_MIN + 4
		            + TLV_NAME_MAX);
	}
}

static void m02_the_largest_login_has_at_most_1200_bytes(void **state)
{
	struct login_who who = somebody();
	struct bench b;

	(void)state;
	who.build = "012345678901234567890123456789012345678901234567890123456789012";
	memset(who.disk, 'd', TLV_NAME_MAX);
	memset(who.uuid, 1, sizeof who.uuid);
	who.has_content = true;
	begin_as(&b, &who);
	assert_true(sends(&b));
	answer_cookie(&b);
	assert_true(sends(&b));
	assert_true(tlv_has(&b.set, TLV_COOKIE) && tlv_has(&b.set, TLV_UUID) && tlv_has(&b.set, TLV_CONTENT));
	assert_true(b.sent_len <= STREAM_MESSAGE_BYTES_MAX);
}

static void m13_a_cookie_is_sent_back_at_once_under_a_new_number(void **state)
{
	struct bench b;
	uint32_t number;

	(void)state;
	begin(&b);
	assert_true(sends(&b));
	number = b.head.request;
	for (unsigned i = 0; i < 3; i++) {
		answer_cookie(&b);
		assert_true(sends(&b));
		assert_int_not_equal(b.head.request, number);
		assert_int_equal(b.head.generation, 0);
		assert_true(tlv_has(&b.set, TLV_COOKIE));
		assert_memory_equal(b.set.cookie.bytes, "0123456789abcdef", 16);
		number = b.head.request;
	}
	for (unsigned wait_ms = 250; wait_ms <= 2000; wait_ms *= 2) {
		answer_cookie(&b);                      /* the fourth in a row, and more */
		usec slept = sleeps(&b);
		assert_in_range(slept, wait_ms * MS, wait_ms * MS + 1);
	}
}

static void m28_silence_is_asked_again_slower_and_slower(void **state)
{
	static const unsigned waits_ms[] = { 250, 500, 1000, 2000, 2000, 2000 };
	struct bench b;
	uint32_t number;

	(void)state;
	begin(&b);
	assert_true(sends(&b));
	number = b.head.request;
	for (unsigned i = 0; i < COUNT_OF(waits_ms); i++) {
		usec slept = sleeps(&b);

		assert_in_range(slept, waits_ms[i] * MS, waits_ms[i] * MS * 5 / 4);
		assert_int_equal(b.head.request, number);
		assert_int_equal(b.head.generation, i + 1);
	}
	assert_int_equal(login_status(&b.login), LOGIN_SILENT);
	answer_cookie(&b);
	assert_int_equal(login_status(&b.login), LOGIN_WORKING);
}

static void a_denial_shows_the_servers_words(void **state)
{
	struct bench b;
	struct answer a;

	(void)state;
	begin(&b);
	assert_true(sends(&b));
	answer_begin(&b, &a, STREAM_RDENY);
	wr_tlv_u16(&a.w, TLV_REASON, DENY_NO_SUCH_DISK);
	wr_tlv_text(&a.w, TLV_TEXT, "no disk \"debian\" here");
	answer_from(&b, &a, &b.to);
	assert_int_equal(login_status(&b.login), LOGIN_DENIED);
	assert_int_equal(b.login.denied.reason, DENY_NO_SUCH_DISK);
	assert_string_equal(b.login.denied.text, "no disk \"debian\" here");
	assert_false(sends(&b));
	login_restart(&b.login, b.now);
	assert_true(sends(&b));
}

static void busy_is_waited_out_give_or_take_a_quarter(void **state)
{
	struct bench b;
	struct answer a;
	usec slept;

	(void)state;
	begin(&b);
	assert_true(sends(&b));
	answer_begin(&b, &a, STREAM_RBUSY);
	wr_tlv_u32(&a.w, TLV_WAIT_MS, 8000);
	answer_from(&b, &a, &b.to);
	assert_false(sends(&b));
	slept = sleeps(&b);
	assert_in_range(slept, 6000 * MS, 10000 * MS + 1);
	answer_begin(&b, &a, STREAM_RBUSY);
	wr_tlv_u32(&a.w, TLV_WAIT_MS, UINT32_MAX);      /* 49 days are not believed */
	answer_from(&b, &a, &b.to);
	slept = sleeps(&b);
	assert_true(slept <= 400u * USEC_PER_S);
}

static void m14_four_redirects_in_a_row_are_enough(void **state)
{
	struct bench b;

	(void)state;
	begin(&b);
	assert_true(sends(&b));
	for (unsigned i = 0; i < 4; i++) {
		const struct stream_address *next = i % 2 ? &b.a : &b.b;

		answer_cookie(&b);                      /* a cookie between redirects does not hide the ring */
		assert_true(sends(&b));
		answer_redirect(&b, next);
		assert_true(sends(&b));
		assert_true(stream_address_same(&b.to, next));
		assert_false(tlv_has(&b.set, TLV_COOKIE));
	}
	answer_redirect(&b, &b.b);
	assert_false(sends(&b));
	sleeps(&b);
	assert_true(stream_address_same(&b.to, &b.a));
	answer_redirect(&b, &b.b);                      /* it is a new beginning */
	assert_true(sends(&b));
}

static void a_silent_server_we_were_sent_to_is_left(void **state)
{
	struct bench b;
	usec start;

	(void)state;
	begin(&b);
	start = b.now;
	assert_true(sends(&b));
	answer_redirect(&b, &b.b);
	do
		sleeps(&b);
	while (stream_address_same(&b.to, &b.b) && b.now - start < 60u * USEC_PER_S);
	assert_true(stream_address_same(&b.to, &b.a));
	assert_in_range(b.now - start, 5u * USEC_PER_S, 8u * USEC_PER_S);
}

static void m16_other_bytes_than_those_asked_for_are_not_taken(void **state)
{
	struct login_who who = somebody();
	struct bench b;

	(void)state;
	who.has_content = true;
	who.content     = content;
	who.session     = 99;
	begin_as(&b, &who);
	assert_true(sends(&b));
	assert_true(tlv_has(&b.set, TLV_CONTENT));
	answer_login(&b);
	assert_int_equal(login_status(&b.login), LOGIN_DONE);
	who.content.id[0] ^= 1;
	begin_as(&b, &who);
	assert_true(sends(&b));
	answer_login(&b);
	assert_int_equal(login_status(&b.login), LOGIN_DENIED);
	assert_int_equal(b.login.denied.reason, DENY_CONTENT_CHANGED);
}

static void m17_logging_in_again_carries_the_session(void **state)
{
	struct login_who who = somebody();
	struct bench b;

	(void)state;
	who.session = 0x1122334455667788;
	who.stage   = STAGE_DRIVER;
	begin_as(&b, &who);
	assert_true(sends(&b));
	assert_int_equal(b.head.session, 0x1122334455667788);
	assert_int_equal(b.head.flags, STREAM_DRIVER);
}

static void m15_no_name_lets_the_server_choose(void **state)
{
	struct login_who who = somebody();
	struct bench b;

	(void)state;
	who.disk[0] = 0;
	begin_as(&b, &who);
	assert_true(sends(&b));
	assert_false(tlv_has(&b.set, TLV_DISK));
	answer_login(&b);
	assert_string_equal(b.login.grant.disk, "debian");
}

static void m09_a_demand_we_do_not_know_is_told(void **state)
{
	static const uint8_t types[] = { STREAM_RDENY, STREAM_RBUSY, STREAM_RREDIRECT, STREAM_RLOGIN };
	struct bench b;
	struct answer a;

	(void)state;
	begin(&b);
	assert_true(sends(&b));
	for (unsigned i = 0; i < COUNT_OF(types); i++) {        /* of a grant; others are dropped */
		assert_int_equal(login_status(&b.login), LOGIN_WORKING);
		answer_begin(&b, &a, types[i]);
		write_grant(&a);
		wr_tlv_u16(&a.w, TLV_REASON, DENY_NOT_ALLOWED);
		wr_tlv_u8(&a.w, TLV_MUST | 200, 1);
		answer_from(&b, &a, &b.to);
	}
	assert_int_equal(login_status(&b.login), LOGIN_DENIED);
	assert_int_equal(b.login.denied.reason, DENY_UNSUPPORTED);
	assert_string_equal(b.login.denied.text, "the server demands something this client does not know");
}

/* A grant with one TLV more or less is as good as none. */
static void m10_an_unsound_grant_is_dropped(void **state)
{
	struct bench b;
	struct answer a;

	(void)state;
	begin(&b);
	assert_true(sends(&b));
	answer_begin(&b, &a, STREAM_RLOGIN);
	write_grant(&a);
	wr_tlv_u16(&a.w, TLV_SEGMENT, 1400);
	answer_from(&b, &a, &b.to);
	answer_begin(&b, &a, STREAM_RLOGIN);
	wr_tlv(&a.w, TLV_CONTENT, content.id, sizeof content.id);
	wr_tlv(&a.w, TLV_TICKET, "ticket", 6);
	wr_tlv_u16(&a.w, TLV_SEGMENT, 1400);
	wr_tlv_u16(&a.w, TLV_WINDOW, 256);
	wr_tlv_u64(&a.w, TLV_SIZE, 4096 + 512);
	answer_from(&b, &a, &b.to);
	for (int window = 0; window < 2; window++) {    /* none, and one of nothing */
		answer_begin(&b, &a, STREAM_RLOGIN);
		wr_tlv(&a.w, TLV_CONTENT, content.id, sizeof content.id);
		wr_tlv(&a.w, TLV_TICKET, "ticket", 6);
		wr_tlv_u16(&a.w, TLV_SEGMENT, 1400);
		wr_tlv_u64(&a.w, TLV_SIZE, 4096);
		if (window)
			wr_tlv_u16(&a.w, TLV_WINDOW, 0);
		answer_from(&b, &a, &b.to);
	}
	answer_begin(&b, &a, STREAM_RDENY);
	answer_from(&b, &a, &b.to);
	answer_begin(&b, &a, STREAM_RCOOKIE);
	answer_from(&b, &a, &b.to);
	assert_int_equal(login_status(&b.login), LOGIN_WORKING);
	answer_login(&b);
	assert_int_equal(login_status(&b.login), LOGIN_DONE);
}

static void m08_what_answers_nothing_is_dropped(void **state)
{
	struct bench b;
	struct answer a;

	(void)state;
	begin(&b);
	assert_true(sends(&b));
	answer_begin(&b, &a, STREAM_RLOGIN);
	write_grant(&a);
	answer_from(&b, &a, &b.b);                      /* from elsewhere */
	b.head.request++;
	answer_login(&b);                               /* another number */
	b.head.request--;
	b.head.session = 5;
	answer_cookie(&b);                              /* another session */
	b.head.session = 0;
	answer_begin(&b, &a, STREAM_RSTATUS);           /* a type that answers something else */
	answer_from(&b, &a, &b.to);
	answer_begin(&b, &a, STREAM_RLOGIN);
	write_grant(&a);
	a.bytes[40] ^= 1;
	stream_seal(a.bytes, wr_used(&a.w, a.bytes), NULL);
	a.bytes[40] ^= 1;                               /* a wrong check */
	login_rx(&b.login, b.now, &b.to, rd_over(a.bytes, wr_used(&a.w, a.bytes)));
	assert_int_equal(login_status(&b.login), LOGIN_WORKING);
	assert_false(b.login.has_cookie);
	b.head.generation = 9;                          /* a reply of any generation is good */
	answer_login(&b);
	assert_int_equal(login_status(&b.login), LOGIN_DONE);
}

static void the_servers_of_a_grant_include_the_one_that_answered(void **state)
{
	struct stream_address other = stream_address_ipv4(0x0a000100, 6910);
	struct bench b;
	struct answer a;

	(void)state;
	begin(&b);
	assert_true(sends(&b));
	answer_begin(&b, &a, STREAM_RLOGIN);
	write_grant(&a);
	for (unsigned i = 0; i < TLV_SERVERS_MAX; i++) {
		other.port++;
		wr_tlv_address(&a.w, TLV_SERVER, &other);
	}
	answer_from(&b, &a, &b.to);
	assert_int_equal(b.login.grant.server_count, TLV_SERVERS_MAX);
	assert_int_equal(b.login.grant.server_current, TLV_SERVERS_MAX - 1);
	assert_true(stream_address_same(&b.login.grant.servers[TLV_SERVERS_MAX - 1], &b.a));
	begin(&b);
	assert_true(sends(&b));
	answer_begin(&b, &a, STREAM_RLOGIN);
	write_grant(&a);
	wr_tlv_address(&a.w, TLV_SERVER, &b.b);
	wr_tlv_address(&a.w, TLV_SERVER, &b.a);
	answer_from(&b, &a, &b.to);
	assert_int_equal(b.login.grant.server_count, 2);
	assert_int_equal(b.login.grant.server_current, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cookie_then_a_grant),
		cmocka_unit_test(m11_a_login_has_at_least_128_bytes),
		cmocka_unit_test(m02_the_largest_login_has_at_most_1200_bytes),
		cmocka_unit_test(m13_a_cookie_is_sent_back_at_once_under_a_new_number),
		cmocka_unit_test(m28_silence_is_asked_again_slower_and_slower),
		cmocka_unit_test(a_denial_shows_the_servers_words),
		cmocka_unit_test(busy_is_waited_out_give_or_take_a_quarter),
		cmocka_unit_test(m14_four_redirects_in_a_row_are_enough),
		cmocka_unit_test(a_silent_server_we_were_sent_to_is_left),
		cmocka_unit_test(m16_other_bytes_than_those_asked_for_are_not_taken),
		cmocka_unit_test(m17_logging_in_again_carries_the_session),
		cmocka_unit_test(m15_no_name_lets_the_server_choose),
		cmocka_unit_test(m09_a_demand_we_do_not_know_is_told),
		cmocka_unit_test(m10_an_unsound_grant_is_dropped),
		cmocka_unit_test(m08_what_answers_nothing_is_dropped),
		cmocka_unit_test(the_servers_of_a_grant_include_the_one_that_answered),
	};

	return cmocka_run_group_tests_name("login", tests, NULL, NULL);
}
