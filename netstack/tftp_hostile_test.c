/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* TFTP servers that lie, repeat themselves or talk nonsense; and windows that do not fit. */
#include "netstack/tftp_script.h"

/* A transfer that is under way: OACK taken, ACK 0 sent. */
static void open_with(uint16_t block_size, uint16_t window)
{
	start(block_size, window, false, FILE_MAX);
	assert_true(tx());
	if (window > 1)
		rx(2000, "\0\6blksize\0" "512\0windowsize\0" "4\0");
	else
		rx(2000, "\0\6blksize\0" "512\0");
	assert_true(tx());
	assert_says("\0\4\0\0");
}

/* And it ends well: block `next` is the last. */
static void ends_with_block(uint16_t next)
{
	data(2000, next, 100);
	assert_true(tx());
	assert_int_equal(tftp_status(&t), TFTP_DONE);
	assert_int_equal(t.received, (size_t)(next - 1) * 512 + 100);
	assert_memory_equal(room, file, t.received);
}

/* Where the transfer does not go on, its server is told ERROR 8 and asked anew, with less. */
#define assert_refused(port) do { \
	assert_true(tx()); \
	assert_says("\0\5\0\x08Option refused\0"); \
	assert_int_equal(flow.dst_port, port); \
	assert_true(tx()); \
	assert_int_equal(sent[1], TFTP_RRQ); \
} while (0)

static void an_option_nobody_asked_for_is_refused(void **state)
{
	(void)state;
	start(512, 0, false, FILE_MAX);
	assert_true(tx());
	rx(2000, "\0\6blksize\0" "512\0windowsize\0" "4\0");
	assert_refused(2000);
	start(0, 4, false, FILE_MAX);
	assert_true(tx());
	rx(2000, "\0\6blksize\0" "1024\0");
	assert_refused(2000);
	start(512, 4, false, FILE_MAX);
	assert_true(tx());
	rx(2000, "\0\6blksize\0" "512\0timeout\0" "4\0");
	assert_refused(2000);
	start(512, 4, true, FILE_MAX);                          /* the probe asks for the size alone */
	assert_true(tx());
	rx(2000, "\0\6tsize\0" "600\0blksize\0" "512\0");
	assert_refused(2000);
	rx(2001, "\0\6tsize\0" "600\0");
	assert_true(tx());
	assert_says("\0\4\0\0");
	start(512, 0, true, FILE_MAX);                          /* and then not for the size again */
	assert_true(tx());
	rx(2000, "\0\6tsize\0" "600\0");
	assert_true(tx());
	assert_true(tx());
	assert_says("\0\1f\0octet\0blksize\0" "512\0");
	rx(2001, "\0\6tsize\0" "600\0blksize\0" "512\0");
	assert_refused(2001);
}

static void more_than_was_asked_for_is_refused(void **state)
{
	(void)state;
	start(512, 4, false, FILE_MAX);
	assert_true(tx());
	rx(2000, "\0\6windowsize\0" "5\0");
	assert_refused(2000);
	assert_says("\0\1f\0octet\0tsize\0" "0\0blksize\0" "512\0");
	rx(2001, "\0\6windowsize\0" "4\0");                     /* and now that is not asked for any more */
	assert_refused(2001);
	rx(2002, "\0\6blksize\0" "513\0");
	assert_refused(2002);
	assert_says("\0\1f\0octet\0");
}

static void a_slow_server_may_grant_what_was_asked_first(void **state)
{
	(void)state;
	start(512, 4, false, FILE_MAX);
	for (unsigned sends = 0; sends < 4; sends++) {
		now = tftp_wake_at(&t);
		assert_true(tx());
	}
	assert_says("\0\1f\0octet\0tsize\0" "0\0blksize\0" "512\0");    /* without a window already */
	rx(2000, "\0\6blksize\0" "512\0windowsize\0" "4\0");
	assert_true(tx());
	assert_says("\0\4\0\0");
	assert_int_equal(t.window.size, 4);
}

static void a_window_of_nothing_is_refused(void **state)
{
	(void)state;
	start(512, 4, false, FILE_MAX);
	assert_true(tx());
	rx(2000, "\0\6blksize\0" "512\0windowsize\0" "0\0");
	assert_refused(2000);
	assert_int_equal(t.malformed, 1);
}

static void an_oack_after_data_changes_nothing(void **state)
{
	(void)state;
	open_with(512, 4);
	data(2000, 1, 512);
	rx(2000, "\0\6blksize\0" "8\0windowsize\0" "1\0tsize\0" "7\0");
	assert_false(tx());
	assert_int_equal(t.ignored, 1);
	assert_int_equal(t.size, 0);
	ends_with_block(2);
}

static void another_transfer_is_told_and_this_one_goes_on(void **state)
{
	(void)state;
	open_with(512, 0);
	data(2001, 1, 100);                                     /* the end of somebody's file */
	assert_int_equal(t.received, 0);
	assert_true(tx());
	assert_says("\0\5\0\5Unknown transfer ID\0");
	assert_int_equal(flow.dst_port, 2001);
	rx(2001, "\0\5\0\1not here\0");
	assert_false(tx());                                     /* an ERROR is answered by nobody */
	ends_with_block(1);
}

static void an_error_ends_it_wherever_it_comes(void **state)
{
	(void)state;
	start(512, 4, true, FILE_MAX);                          /* to the probe: ask without */
	assert_true(tx());
	rx(2000, "\0\5\0\4no options here\0");
	assert_true(tx());
	assert_says("\0\1f\0octet\0tsize\0" "0\0blksize\0" "512\0windowsize\0" "4\0");
	rx(2001, "\0\5\0\2keep out\0");                         /* to the request */
	assert_int_equal(t.failure, TFTP_ACCESS);
	open_with(512, 4);                                      /* in the file */
	data(2000, 1, 512);
	rx(2000, "\0\5\0\3disk");
	assert_int_equal(t.failure, TFTP_SERVER_ERROR);
	assert_string_equal(t.error_text, "disk");
	assert_false(tx());
	open_with(512, 4);                                      /* when all is there */
	ends_with_block(1);
	rx(2000, "\0\5\0\0time out\0");
	assert_int_equal(tftp_status(&t), TFTP_DONE);
	for (size_t len = 0; len < 4; len++) {                  /* a piece of one is none */
		open_with(512, 4);
		rx_from(SERVER, 2000, "\0\5\0\1", len);
		assert_int_equal(t.malformed, 1);
		ends_with_block(1);
	}
}

static void the_sorcerers_apprentice_stays_in_bed(void **state)
{
	(void)state;
	for (uint16_t window = 1; window <= 4; window += 3) {
		unsigned acks = 0;

		open_with(512, window);
		for (uint16_t block = 1; block <= 40; block++)
			for (unsigned copies = 0; copies < 50; copies++) {
				data(2000, block, 512);
				acks += tx();
				if (block > 1)
					data(2000, (uint16_t)(block - 1), 512);
				acks += tx();
			}
		assert_int_equal(acks, 40 / window);
		rx(2000, "\0\4\0\1");                           /* ACKs are for servers */
		rx(2000, "\0\4\0\1");
		assert_false(tx());
		assert_int_equal(t.malformed, 2);
		ends_with_block(41);
	}
}

static void a_server_that_did_not_hear_an_ack_gets_it_when_it_asks(void **state)
{
	(void)state;
	open_with(512, 1);
	now = 100;
	data(2000, 1, 512);
	assert_true(tx());                                      /* lost */
	now += 9 * USEC_PER_MS;
	data(2000, 1, 512);                                     /* the network's own copy */
	assert_false(tx());
	now += 90 * USEC_PER_MS;
	data(2000, 1, 512);
	assert_true(tx());
	assert_says("\0\4\0\1");
	data(2000, 1, 512);
	assert_false(tx());
	assert_int_equal(t.retries, 0);
	ends_with_block(2);
}

static void a_file_of_more_than_4_gib_is_refused_at_once(void **state)
{
	(void)state;
	start(512, 4, false, FILE_MAX);
	assert_true(tx());
	rx(2000, "\0\6tsize\0" "5368709120\0blksize\0" "512\0");
	assert_int_equal(t.failure, TFTP_TOO_BIG);
	assert_true(t.size == 5368709120u);
	assert_true(tx());
	assert_int_equal(sent[3], TFTP_ERROR_DISK_FULL);
	assert_int_equal(tftp_wake_at(&t), NEVER);
	start(512, 4, false, FILE_MAX);                         /* 2^64 + 1: not 1 */
	assert_true(tx());
	rx(2000, "\0\6tsize\0" "18446744073709551617\0");
	assert_refused(2000);
	assert_int_equal(t.size, 0);
}

static void a_block_longer_than_agreed_is_dropped(void **state)
{
	(void)state;
	open_with(512, 0);
	data(2000, 1, 513);
	assert_false(tx());
	assert_int_equal(t.malformed, 1);
	assert_int_equal(t.received, 0);
	ends_with_block(1);
}

static void texts_without_their_end_are_no_options(void **state)
{
	static const char oack[] = "\0\6blksize\0" "512";

	(void)state;
	for (size_t len = 3; len <= sizeof oack; len++) {       /* the last byte is its NUL */
		start(512, 4, false, FILE_MAX);
		assert_true(tx());
		rx_from(SERVER, 2000, oack, len);
		if (len == sizeof oack)
			assert_int_equal(t.malformed, 0);
		else
			assert_refused(2000);
	}
}

/* A slow server that was asked twice refuses twice: the second refusal is none of what was asked since. */
static void a_refusal_of_an_earlier_request_is_nobody_s(void **state)
{
	uint16_t before;

	(void)state;
	start(1468, 4, false, FILE_MAX);
	before = t.port;
	assert_true(tx());
	now = tftp_wake_at(&t);
	assert_true(tx());
	rx(2000, "\0\5\0\x08no\0");
	assert_true(tx());
	assert_says("\0\1f\0octet\0tsize\0" "0\0blksize\0" "1468\0");
	rx_at(before, SERVER, 2001, "\0\5\0\x08no\0", 7);
	assert_false(tx());
	rx(2002, "\0\6tsize\0" "512\0blksize\0" "1468\0");
	assert_true(tx());
	assert_says("\0\4\0\0");
}

/* ---- windows ---- */

static void pass_to_time_out(void)
{
	now = tftp_wake_at(&t);
	assert_true(tx());
}

static void a_window_that_loses_its_end_twice_is_made_smaller(void **state)
{
	uint16_t before;

	(void)state;
	start(512, 16, false, FILE_MAX);
	before = t.port;
	assert_true(tx());
	rx(2000, "\0\6blksize\0" "512\0windowsize\0" "16\0");
	assert_true(tx());
	for (uint16_t block = 1; block <= 10; block++)
		data(2000, block, 512);
	pass_to_time_out();
	assert_says("\0\4\0\x0a");                              /* once is a lost packet */
	for (uint16_t block = 11; block <= 20; block++)
		data(2000, block, 512);
	pass_to_time_out();
	assert_says("\0\5\0\0TFTP Aborted\0");
	assert_int_equal(flow.dst_port, 2000);
	assert_int_equal(flow.src_port, before);
	assert_true(tx());
	assert_says("\0\1f\0octet\0tsize\0" "0\0blksize\0" "512\0windowsize\0" "8\0");
	assert_int_equal(flow.src_port, t.port);
	assert_true(t.port != before);
	assert_int_equal(t.narrowed, 1);
	assert_int_equal(t.received, 0);
	rx_at(before, SERVER, 2000, "\0\3\0\x15late", 8);      /* what it had sent before it heard */
	assert_false(tx());
	assert_int_equal(t.foreign, 1);
	rx(2001, "\0\6blksize\0" "512\0windowsize\0" "8\0");
	assert_true(tx());
	data(2001, 1, 512);
	pass_to_time_out();
	data(2001, 2, 512);
	pass_to_time_out();
	assert_says("\0\5\0\0TFTP Aborted\0");
	assert_true(tx());
	assert_says("\0\1f\0octet\0tsize\0" "0\0blksize\0" "512\0");    /* one by one */
	assert_int_equal(t.narrowed, 2);
	rx(2002, "\0\6blksize\0" "512\0");
	assert_true(tx());
	data(2002, 1, 512);
	assert_true(tx());
	data(2002, 2, 9);
	assert_true(tx());
	assert_int_equal(tftp_status(&t), TFTP_DONE);
	assert_memory_equal(room, file, 521);
}

static void lost_packets_between_whole_windows_are_no_reason(void **state)
{
	uint16_t block = 1;

	(void)state;
	open_with(512, 4);
	for (unsigned i = 0; i < 20; i++) {
		for (unsigned n = 0; n < 3; n++)
			data(2000, block++, 512);
		pass_to_time_out();                             /* the fourth is lost */
		assert_int_equal(sent[1], TFTP_ACK);
		pass_to_time_out();                             /* and this ACK, too */
		assert_int_equal(sent[1], TFTP_ACK);
		for (unsigned n = 0; n < 4; n++)
			data(2000, block++, 512);
		assert_true(tx());
	}
	assert_int_equal(t.narrowed, 0);
	ends_with_block(block);
}

static void a_server_with_one_port_is_heard_again(void **state)
{
	(void)state;
	start(512, 4, true, FILE_MAX);
	assert_true(tx());
	rx(TFTP_SERVER_PORT, "\0\6tsize\0" "100\0");
	assert_true(tx());
	assert_says("\0\5\0\0TFTP Aborted\0");
	assert_true(tx());
	rx(TFTP_SERVER_PORT, "\0\6blksize\0" "512\0");
	assert_true(tx());
	assert_says("\0\4\0\0");
	data(TFTP_SERVER_PORT, 1, 100);
	assert_true(tx());
	assert_int_equal(tftp_status(&t), TFTP_DONE);
}

static void a_gap_is_told_once_and_not_by_the_timer_at_once(void **state)
{
	usec told_at;

	(void)state;
	open_with(512, 4);
	data(2000, 1, 512);
	now = tftp_wake_at(&t) - 1;                             /* the others come late */
	data(2000, 3, 512);
	assert_true(tx());
	assert_says("\0\4\0\1");
	told_at = now;
	now += 100 * USEC_PER_MS;                               /* the server's answer is on its way */
	data(2000, 4, 512);
	assert_false(tx());
	assert_in_range(tftp_wake_at(&t), told_at + 250 * USEC_PER_MS, told_at + 400 * USEC_PER_MS);
	for (uint16_t block = 2; block <= 5; block++)
		data(2000, block, 512);
	assert_true(tx());
	assert_says("\0\4\0\5");
	for (uint16_t block = 2; block <= 5; block++)           /* and so is a second copy of all */
		data(2000, block, 512);
	assert_false(tx());
	assert_int_equal(t.retries, 0);
	ends_with_block(6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_option_nobody_asked_for_is_refused),
		cmocka_unit_test(more_than_was_asked_for_is_refused),
		cmocka_unit_test(a_slow_server_may_grant_what_was_asked_first),
		cmocka_unit_test(a_window_of_nothing_is_refused),
		cmocka_unit_test(an_oack_after_data_changes_nothing),
		cmocka_unit_test(another_transfer_is_told_and_this_one_goes_on),
		cmocka_unit_test(an_error_ends_it_wherever_it_comes),
		cmocka_unit_test(the_sorcerers_apprentice_stays_in_bed),
		cmocka_unit_test(a_server_that_did_not_hear_an_ack_gets_it_when_it_asks),
		cmocka_unit_test(a_file_of_more_than_4_gib_is_refused_at_once),
		cmocka_unit_test(a_block_longer_than_agreed_is_dropped),
		cmocka_unit_test(texts_without_their_end_are_no_options),
		cmocka_unit_test(a_refusal_of_an_earlier_request_is_nobody_s),
		cmocka_unit_test(a_window_that_loses_its_end_twice_is_made_smaller),
		cmocka_unit_test(lost_packets_between_whole_windows_are_no_reason),
		cmocka_unit_test(a_server_with_one_port_is_heard_again),
		cmocka_unit_test(a_gap_is_told_once_and_not_by_the_timer_at_once),
	};
	int failed;

	setup_memory();
	failed = cmocka_run_group_tests_name("tftp_hostile", tests, NULL, NULL);
	free(room);
	free(file);
	return failed;
}
