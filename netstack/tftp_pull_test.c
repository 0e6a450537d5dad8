/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* A file that is taken block by block, and the end of a transfer that its client wants no more of. */
#include "netstack/tftp_script.h"
#include "netstack/wire/icmp.h"

static void who_pulls_has_room_for_one_block(void **state)
{
	(void)state;
	start(512, 1, false, 512);
	tftp_pull(&t);
	assert_true(tx());
	assert_false(tftp_is_granted(&t));
	rx(2000, "\0\6tsize\0" "1100\0");                      /* more than the room, in one piece */
	assert_true(tftp_is_granted(&t));
	for (uint16_t n = 1; n <= 3; n++) {
		assert_true(tx());
		assert_int_equal(sent[3], n - 1);
		data(2000, n, n < 3 ? 512 : 76);
		assert_false(tx());
		assert_int_equal(t.blocks, n);
		assert_int_equal(t.received, n < 3 ? 512 : 76);
		assert_memory_equal(room, file + (n - 1) * 512, t.received);
		tftp_emptied(&t);
	}
	assert_true(tx());
	assert_int_equal(tftp_status(&t), TFTP_DONE);
}

/* A server without options sends the first block at once, and a careless one the second behind it. */
static void who_pulls_is_sent_nothing_until_he_has_taken_what_came(void **state)
{
	(void)state;
	start(512, 1, false, 1400);                             /* two would fit */
	tftp_pull(&t);
	assert_true(tx());
	data(2000, 1, 512);
	assert_true(tftp_is_granted(&t));
	assert_false(tx());
	assert_true(tftp_wake_at(&t) == NEVER);
	now += 60 * (usec)USEC_PER_S;
	assert_false(tx());
	data(2000, 2, 512);
	data(2000, 1, 512);                                     /* it waits for the ACK */
	assert_int_equal(t.blocks, 1);
	assert_int_equal(t.received, 512);
	assert_memory_equal(room, file, 512);
	tftp_emptied(&t);
	assert_int_equal(tftp_wake_at(&t), 0);
	assert_true(tx());
	assert_says("\0\4\0\1");
	data(2000, 2, 100);
	assert_int_equal(t.received, 100);
	assert_memory_equal(room, file + 512, 100);
	assert_false(tx());
	tftp_emptied(&t);
	assert_true(tx());
	assert_int_equal(tftp_status(&t), TFTP_DONE);
}

static void who_cancels_tells_the_server_and_asks_for_nothing_more(void **state)
{
	(void)state;
	start(512, 1, false, FILE_MAX);
	assert_true(tx());
	data(2000, 1, 512);
	tftp_cancel(&t);
	assert_true(tx());
	assert_int_equal(sent[1], TFTP_ERROR);
	assert_int_equal(flow.dst_port, 2000);
	assert_false(tx());
	assert_true(tftp_wake_at(&t) == NEVER);
	start(512, 1, false, FILE_MAX);
	t.server_port = 6969;
	assert_true(tx());
	assert_int_equal(flow.dst_port, 6969);
	tftp_cancel(&t);                                        /* nobody has answered: there is nobody to tell */
	assert_false(tx());
	start(512, 1, false, FILE_MAX);
	assert_true(tx());
	data(2000, 1, 100);
	tftp_cancel(&t);                                        /* it waits for an ACK of its last block */
	assert_true(tx());
	assert_int_equal(sent[1], TFTP_ERROR);
	start(512, 1, false, FILE_MAX);
	assert_true(tx());
	data(2000, 1, 100);
	assert_true(tx());
	tftp_cancel(&t);                                        /* it has it: there is nothing to tell */
	assert_false(tx());
}

/* Each repetition puts our timer off, which would otherwise find that nothing new comes. */
static void a_server_that_repeats_a_block_for_ever_is_given_up(void **state)
{
	unsigned repeats = 0;

	(void)state;
	start(512, 1, false, 512);
	tftp_pull(&t);
	assert_true(tx());
	data(2000, 1, 512);
	tftp_emptied(&t);
	assert_true(tx());
	for (; tftp_status(&t) == TFTP_WORKING && repeats < 1000; repeats++) {
		now += 100 * USEC_PER_MS;
		for (unsigned copies = 0; copies < 3; copies++)
			data(2000, 1, 512);
		assert_true(tx());
	}
	assert_int_equal(t.failure, TFTP_READ_TIMEOUT);
	assert_int_equal(repeats, 33);
	assert_int_equal(sent[1], TFTP_ERROR);
	assert_int_equal(flow.dst_port, 2000);
	assert_int_equal(t.received, 0);
}

/* Whoever hears an ACK in between may repeat each of his blocks. */
static void a_server_that_repeats_each_block_is_not_given_up(void **state)
{
	(void)state;
	start(512, 1, false, 512);
	tftp_pull(&t);
	assert_true(tx());
	for (uint16_t n = 1; n <= 4; n++) {
		data(2000, n, n < 4 ? 512 : 1);
		tftp_emptied(&t);
		assert_true(tx());
		for (unsigned repeats = 0; n < 4 && repeats < 30; repeats++) {
			now += 100 * USEC_PER_MS;
			data(2000, n, 512);
			assert_true(tx());
			assert_int_equal(sent[3], n);
		}
	}
	assert_int_equal(tftp_status(&t), TFTP_DONE);
}

static void start_for_size(void)
{
	start_as(&(struct tftp_profile){ .size_only = true }, 512);
	tftp_pull(&t);
	assert_true(tx());
	assert_says("\0\1f\0octet\0tsize\0" "0\0");
}

static void ends_with_an_error(bool has_size, uint64_t size)
{
	assert_int_equal(tftp_status(&t), TFTP_DONE);
	assert_int_equal(t.has_size, has_size);
	assert_true(t.size == size);
	assert_true(tx());
	assert_int_equal(sent[1], TFTP_ERROR);
	assert_false(tx());
	assert_true(tftp_wake_at(&t) == NEVER);
}

static void who_wants_the_size_never_asks_for_the_file(void **state)
{
	unsigned sends = 1;

	(void)state;
	start_for_size();
	rx(2000, "\0\6tsize\0" "31124\0");
	ends_with_an_error(true, 31124);
	start_for_size();
	rx(2000, "\0\6tsize\0" "0\0");
	ends_with_an_error(true, 0);
	start_for_size();
	data(2000, 1, 512);                                     /* it knows no options */
	ends_with_an_error(false, 0);
	start_for_size();
	rx(2000, "\0\5\0\x08no\0");
	assert_int_equal(t.failure, TFTP_SERVER_ERROR);
	assert_false(tx());
	start_for_size();
	rx(2000, "\0\6blksize\0" "1024\0");
	assert_int_equal(t.failure, TFTP_BAD_OPTION);
	assert_true(tx());
	assert_says("\0\5\0\x08Option refused\0");
	assert_false(tx());
	start_for_size();
	for (; tftp_status(&t) == TFTP_WORKING; sends += tx())
		now = tftp_wake_at(&t);
	assert_int_equal(t.failure, TFTP_OPEN_TIMEOUT);
	assert_int_equal(sends, 3);
	assert_says("\0\1f\0octet\0tsize\0" "0\0");
}

static void a_port_that_closes_behind_the_last_block_refuses_nothing(void **state)
{
	static struct net net;

	(void)state;
	start(512, 1, false, 512);
	tftp_pull(&t);
	assert_true(tx());
	data(2000, 1, 512);
	net.unreachable = (struct net_unreachable){
		.seen = true, .type = ICMP_UNREACHABLE, .code = ICMP_PORT_UNREACHABLE, .from = t.server,
		.quoted = { .dst_ip = t.server, .src_port = t.port, .dst_port = 2000 },
	};
	assert_true(tftp_is_refused(&t, &net));
	tftp_emptied(&t);
	assert_true(tx());
	data(2000, 2, 100);
	assert_int_equal(tftp_status(&t), TFTP_WORKING);        /* its ACK is not out yet */
	assert_false(tftp_is_refused(&t, &net));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_pulls_has_room_for_one_block),
		cmocka_unit_test(who_pulls_is_sent_nothing_until_he_has_taken_what_came),
		cmocka_unit_test(a_server_that_repeats_a_block_for_ever_is_given_up),
		cmocka_unit_test(a_server_that_repeats_each_block_is_not_given_up),
		cmocka_unit_test(a_port_that_closes_behind_the_last_block_refuses_nothing),
		cmocka_unit_test(who_wants_the_size_never_asks_for_the_file),
		cmocka_unit_test(who_cancels_tells_the_server_and_asks_for_nothing_more),
	};
	int failed;

	setup_memory();
	failed = cmocka_run_group_tests_name("tftp_pull", tests, NULL, NULL);
	free(room);
	free(file);
	return failed;
}
