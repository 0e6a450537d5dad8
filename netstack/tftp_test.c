/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The TFTP client, packet by packet. */
#include "netstack/tftp_script.h"

/* Seed 3's trace (V7): size, abort, then blocks of 1456: 21 full ones and 548 bytes. */
static void as_a_wds_client_does(void **state)
{
	uint16_t before;

	(void)state;
	start(1456, 0, true, FILE_MAX);
	before = t.port;
	assert_true(tx());
	assert_says("\0\1f\0octet\0tsize\0" "0\0");
	assert_int_equal(flow.dst_port, 69);
	rx(2000, "\0\6tsize\0" "31124\0");
	assert_true(tx());
	assert_says("\0\5\0\0TFTP Aborted\0");
	assert_int_equal(flow.dst_port, 2000);
	assert_true(tx());
	assert_says("\0\1f\0octet\0blksize\0" "1456\0");
	assert_true(t.port != before);
	rx_at(before, SERVER, 2000, "\0\6tsize\0" "31124\0", 14);       /* late: of the transfer we gave up */
	assert_false(tx());
	rx(2001, "\0\6blksize\0" "1456\0");
	assert_true(tx());
	assert_says("\0\4\0\0");
	assert_int_equal(flow.dst_port, 2001);
	for (uint16_t block = 1; block <= 22; block++) {
		data(2001, block, block < 22 ? 1456 : 548);
		assert_true(tx());
		assert_int_equal(sent[3], block);
		assert_false(tx());
	}
	assert_int_equal(tftp_status(&t), TFTP_DONE);
	assert_int_equal(t.received, 31124);
	assert_int_equal(t.size, 31124);
	assert_memory_equal(room, file, 31124);
	data(2001, 22, 548);                                    /* it did not hear us: dally */
	assert_true(tx());
	assert_says("\0\4\0\x16");
	now = tftp_wake_at(&t);
	assert_false(tx());
	assert_int_equal(tftp_wake_at(&t), NEVER);
	assert_int_equal(tftp_status(&t), TFTP_DONE);
}

static void options_are_given_up_one_by_one(void **state)
{
	(void)state;
	start(1468, 4, false, FILE_MAX);
	assert_true(tx());
	assert_says("\0\1f\0octet\0tsize\0" "0\0blksize\0" "1468\0windowsize\0" "4\0");
	rx(2000, "\0\5\0\x08no\0");
	assert_true(tx());
	assert_says("\0\1f\0octet\0tsize\0" "0\0blksize\0" "1468\0");
	rx(2001, "\0\6blksize\0" "9000\0");                     /* more than we asked for */
	assert_true(tx());
	assert_says("\0\5\0\x08Option refused\0");
	assert_true(tx());
	assert_says("\0\1f\0octet\0tsize\0" "0\0");
	rx(2002, "\0\6nonsense");
	assert_true(tx());
	assert_int_equal(sent[1], TFTP_ERROR);
	assert_true(tx());
	assert_says("\0\1f\0octet\0");
	rx(2003, "\0\5\0\0go\x1b away\0");
	assert_int_equal(tftp_status(&t), TFTP_FAILED);
	assert_int_equal(t.failure, TFTP_SERVER_ERROR);
	assert_string_equal(t.error_text, "go? away");
	assert_false(tx());
}

static void a_silent_server_is_asked_for_half_a_minute(void **state)
{
	unsigned sends = 0;

	(void)state;
	start(1468, 4, false, FILE_MAX);
	while (tftp_status(&t) == TFTP_WORKING) {
		now = tftp_wake_at(&t);
		sends += tx();
	}
	assert_int_equal(t.failure, TFTP_OPEN_TIMEOUT);
	assert_int_equal(sends, 9);
	assert_says("\0\1f\0octet\0");
	assert_in_range(now, 20 * USEC_PER_S, 45 * USEC_PER_S);
}

static void what_cannot_be_had_is_said_at_once(void **state)
{
	(void)state;
	start(1468, 4, false, FILE_MAX);
	assert_true(tx());
	rx(2000, "\0\5\0\1File not found\0");
	assert_int_equal(t.failure, TFTP_NOT_FOUND);
	assert_string_equal(t.error_text, "File not found");
	start(1468, 4, false, FILE_MAX);
	assert_true(tx());
	rx(2000, "\0\5\0\2Access denied\0");
	assert_int_equal(t.failure, TFTP_ACCESS);
	start(1468, 4, false, 1000);
	assert_true(tx());
	rx(2000, "\0\6tsize\0" "1001\0");
	assert_int_equal(t.failure, TFTP_TOO_BIG);
	assert_true(tx());
	assert_int_equal(sent[3], TFTP_ERROR_DISK_FULL);
	start(512, 0, false, 1000);                             /* found out on the way */
	assert_true(tx());
	t.window.block_size = 512;
	data(2000, 1, 512);
	assert_true(tx());
	data(2000, 2, 512);
	assert_int_equal(t.failure, TFTP_TOO_BIG);
	assert_int_equal(t.received, 512);
	start(512, 0, false, FILE_MAX);                         /* shorter than it said */
	assert_true(tx());
	rx(2000, "\0\6tsize\0" "1001\0");
	assert_true(tx());
	data(2000, 1, 17);
	assert_int_equal(tftp_status(&t), TFTP_FAILED);
	assert_int_equal(t.failure, TFTP_BAD_OPTION);
	start(512, 0, false, FILE_MAX);                         /* longer */
	assert_true(tx());
	rx(2000, "\0\6tsize\0" "600\0");
	assert_true(tx());
	data(2000, 1, 512);
	assert_true(tx());
	data(2000, 2, 512);
	assert_int_equal(t.failure, TFTP_BAD_OPTION);
	assert_int_equal(tftp_wake_at(&t), 0);                  /* the server is told */
	assert_true(tx());
	assert_int_equal(sent[1], TFTP_ERROR);
	assert_int_equal(tftp_wake_at(&t), NEVER);
}

static void strangers_do_no_harm(void **state)
{
	(void)state;
	start(512, 0, false, FILE_MAX);
	assert_true(tx());
	rx(2000, "\0\6tsize\0" "600\0");
	assert_true(tx());
	data(2001, 1, 512);                                     /* another port */
	assert_int_equal(t.received, 0);
	assert_true(tx());
	assert_says("\0\5\0\5Unknown transfer ID\0");
	assert_int_equal(flow.dst_port, 2001);
	rx_from(SERVER + 1, 2000, "\0\5\0\1No\0", 7);           /* another host's ERROR is not answered */
	assert_int_equal(tftp_status(&t), TFTP_WORKING);
	assert_false(tx());
	data(2000, 1, 512);
	data(2000, 2, 88);
	assert_true(tx());
	assert_int_equal(tftp_status(&t), TFTP_DONE);
	assert_int_equal(t.foreign, 2);
}

static void nothing_doubled_is_answered(void **state)
{
	(void)state;
	start(512, 0, false, FILE_MAX);
	assert_true(tx());
	rx(2000, "\0\6tsize\0" "6000\0");
	assert_true(tx());
	rx(2000, "\0\6tsize\0" "6000\0");
	assert_false(tx());
	data(2000, 1, 512);
	assert_true(tx());
	data(2000, 1, 512);
	assert_false(tx());                                     /* the sorcerer's apprentice stays in bed */
	now = tftp_wake_at(&t);
	assert_true(tx());                                      /* the timer alone asks again */
	assert_says("\0\4\0\1");
}

static void a_window_is_acknowledged_whole_or_at_its_gap(void **state)
{
	(void)state;
	start(512, 4, false, FILE_MAX);
	assert_true(tx());
	rx(2000, "\0\6blksize\0" "512\0windowsize\0" "4\0");
	assert_true(tx());
	for (uint16_t block = 1; block <= 4; block++) {
		assert_false(tx());
		data(2000, block, 512);
	}
	assert_true(tx());
	assert_says("\0\4\0\4");
	data(2000, 5, 512);
	data(2000, 7, 512);
	assert_true(tx());
	assert_says("\0\4\0\5");                                /* 6 is missing */
	data(2000, 8, 512);
	assert_false(tx());                                     /* and that was said */
	for (uint16_t block = 6; block <= 9; block++)
		data(2000, block, 512);
	assert_true(tx());
	assert_says("\0\4\0\x09");
	data(2000, 10, 3);
	assert_true(tx());
	assert_int_equal(tftp_status(&t), TFTP_DONE);
	assert_int_equal(t.received, 9 * 512 + 3);
	assert_memory_equal(room, file, t.received);
}

#define ASKS(window) "\0\1f\0octet\0tsize\0" "0\0blksize\0" "1456\0windowsize\0" window "\0"

#define GRANTED(window, size) "\0\6blksize\0" "1456\0windowsize\0" window "\0tsize\0" size "\0"
/* Of 64 blocks that may be asked for the client begins with so many; the server grants this. */
static void open_with(uint16_t near, const char *granted, size_t len)
{
	start_as(&(struct tftp_profile){ .block_size = 1456, .window = 64, .window_near = near }, FILE_MAX);
	assert_true(tx());
	if (near == 64)
		assert_says(ASKS("64"));
	else
		assert_says(ASKS("16"));
	rx_from(SERVER, 2000, granted, len);
	assert_true(tx());
	assert_says("\0\4\0\0");
}

/* Whole blocks from the first on; an answer to an ACK takes so long. */
static void take_blocks(uint16_t count, usec first_took, usec took)
{
	for (uint16_t block = 1; block <= count; block++) {
		if (block % t.window.size == 1)
			now += block == 1 ? first_took : took;
		data(2000, block, 1456);
		assert_int_equal(tx(), block % t.window.size == 0);
	}
}

/* The server grants this, and each of its answers to ACKs takes so long. After so many blocks one is lost. */
static void lose_one(const char *granted, size_t len, uint16_t before, usec took)
{
	open_with(64, granted, len);
	take_blocks(before, took, took);
	data(2000, (uint16_t)(before + 2), 1456);
}

#define lose_one(granted, before, took) lose_one(granted, sizeof(granted) - 1, before, took)

static void goes_on_after(uint16_t block)
{
	assert_int_equal(t.received, block * 1456);
	assert_true(tx());
	assert_int_equal(sent[1], TFTP_ACK);                    /* the gap is told */
	assert_int_equal(sent[3], block);
}

static void where_packets_are_lost_a_long_window_becomes_a_short_one(void **state)
{
	uint16_t next;

	(void)state;
	lose_one(GRANTED("64", "1164800"), 100, 1900);          /* an eighth: 145600 */
	next = t.port;
	assert_int_equal(t.received, 0);
	assert_true(tx());
	assert_says("\0\5\0\0TFTP Aborted\0");
	assert_int_equal(flow.dst_port, 2000);
	assert_true(flow.src_port != next);
	assert_true(tx());
	assert_says(ASKS("16"));                                /* at once, and from another port */
	assert_int_equal(flow.src_port, next);
	rx(2001, GRANTED("16", "1164800"));
	assert_true(tx());
	assert_says("\0\4\0\0");
	assert_int_equal(t.window.size, 16);
	assert_int_equal(t.narrowed, 0);
	for (uint16_t block = 1; block <= 4 * 16; block++) {
		data(2001, block, 1456);
		assert_int_equal(tx(), block % 16 == 0);
	}
	data(2001, 4 * 16 + 2, 1456);                           /* and that was the last time */
	goes_on_after(4 * 16);
}

/* atftpd may not answer what comes right behind the end of a transfer; and then it is a server like any other. */
static void a_near_server_is_soon_asked_for_the_short_window_again(void **state)
{
	(void)state;
	lose_one(GRANTED("64", "1164800"), 100, 1900);
	assert_true(tx());                                      /* the end of the first transfer */
	assert_true(tx());
	assert_says(ASKS("16"));
	now += 49 * USEC_PER_MS;
	assert_false(tx());
	now += 26 * USEC_PER_MS;
	assert_true(tx());
	assert_says(ASKS("16"));
	now += 399 * USEC_PER_MS;
	assert_false(tx());
	now += 201 * USEC_PER_MS;
	assert_true(tx());
	assert_says(ASKS("16"));
}

static void a_long_window_stays_where_a_short_one_is_no_better(void **state)
{
	(void)state;
	lose_one(GRANTED("64", "1164799"), 100, 1900);
	goes_on_after(100);                                     /* it came late, and will be rare */
	lose_one(GRANTED("64", "1164800"), 100, 2 * USEC_PER_MS);
	goes_on_after(100);                                     /* the server is far */
	lose_one(GRANTED("64", "0"), 100, 1900);
	goes_on_after(100);                                     /* nobody knows what is early */
	lose_one(GRANTED("16", "1164800"), 100, 1900);
	goes_on_after(100);                                     /* the server grants no longer one anyway */
	lose_one(GRANTED("64", "1164800"), 0, 1900);
	goes_on_after(0);                                       /* how far it is is not known yet */
}

/* The server grants this, and its answers to ACKs take so long; until the third one, which decides. */
static void fetch_from_afar(const char *granted, size_t len, usec took, usec first_took)
{
	open_with(16, granted, len);
	take_blocks((uint16_t)(2 * t.window.size), first_took, took);
	now += took;
	data(2000, (uint16_t)(2 * t.window.size + 1), 1456);
}

#define fetch_from_afar(granted, took, first_took) fetch_from_afar(granted, sizeof(granted) - 1, took, first_took)

static void a_far_server_is_asked_again_for_a_long_window(void **state)
{
	uint16_t next;

	(void)state;
	fetch_from_afar(GRANTED("16", "1000000"), 2 * USEC_PER_MS, 2 * USEC_PER_MS);
	next = t.port;
	assert_int_equal(t.received, 0);
	assert_true(tx());
	assert_says("\0\5\0\0TFTP Aborted\0");
	assert_int_equal(flow.dst_port, 2000);
	assert_true(flow.src_port != next);
	assert_true(tx());
	assert_says(ASKS("64"));                                /* at once, and from another port */
	assert_int_equal(flow.src_port, next);
	rx(2001, GRANTED("64", "1000000"));
	assert_true(tx());
	assert_says("\0\4\0\0");
	assert_int_equal(t.window.size, 64);
	assert_int_equal(t.narrowed, 0);
	for (uint16_t block = 1; block <= 4 * 64; block++) {
		now += 2 * USEC_PER_MS;
		data(2001, block, 1456);
		assert_int_equal(tx(), block % 64 == 0);
	}
	assert_int_equal(t.received, 4 * 64 * 1456);            /* and that was the last time */
}

/* A server that cannot bear so many is asked for the window again that it had granted. */
static void a_long_window_that_is_refused_becomes_the_short_one(void **state)
{
	(void)state;
	fetch_from_afar(GRANTED("16", "1000000"), 2 * USEC_PER_MS, 2 * USEC_PER_MS);
	assert_true(tx());
	assert_true(tx());
	assert_says(ASKS("64"));
	rx(2001, "\0\5\0\x08no\0");
	assert_true(tx());
	assert_says(ASKS("16"));
	rx(2002, "\0\5\0\x08no\0");
	assert_true(tx());
	assert_says("\0\1f\0octet\0tsize\0" "0\0blksize\0" "1456\0");
}

static void goes_on(void)
{
	assert_true(t.received > 0);
	assert_false(tx());
}

static void no_other_server_is_asked_for_a_long_window(void **state)
{
	(void)state;
	fetch_from_afar(GRANTED("16", "1000000"), 2 * USEC_PER_MS, 2 * USEC_PER_MS - 1);
	goes_on();                                              /* it is near, and was slow twice */
	fetch_from_afar(GRANTED("8", "1000000"), 2 * USEC_PER_MS, 2 * USEC_PER_MS);
	goes_on();                                              /* it does not even grant the short one */
	fetch_from_afar(GRANTED("16", "232960"), 2 * USEC_PER_MS, 2 * USEC_PER_MS);
	goes_on();                                              /* eight windows are left, and a new start is no gain */
	fetch_from_afar(GRANTED("16", "232961"), 2 * USEC_PER_MS, 2 * USEC_PER_MS);
	assert_int_equal(t.received, 0);
}

static void a_gap_may_be_told_again_when_that_was_not_heard(void **state)
{
	(void)state;
	start(512, 4, false, FILE_MAX);
	assert_true(tx());
	rx(2000, "\0\6blksize\0" "512\0windowsize\0" "4\0");
	assert_true(tx());
	data(2000, 1, 512);
	data(2000, 3, 512);
	assert_true(tx());
	assert_says("\0\4\0\1");                              /* 2 is missing; this is lost */
	now = tftp_wake_at(&t);
	assert_true(tx());
	assert_says("\0\4\0\1");
	data(2000, 3, 512);                                     /* 2 is lost again */
	assert_true(tx());
	assert_says("\0\4\0\1");
	data(2000, 2, 513);                                     /* too long for a block */
	assert_int_equal(t.malformed, 1);
	assert_int_equal(t.received, 512);
	data(2000, 2, 3);
	assert_true(tx());
	assert_int_equal(tftp_status(&t), TFTP_DONE);
	assert_int_equal(t.received, 512 + 3);
}

static void a_server_that_falls_silent_is_given_up(void **state)
{
	unsigned sends = 0;

	(void)state;
	start(512, 0, false, FILE_MAX);
	assert_true(tx());
	rx(2000, "\0\6tsize\0" "6000\0");
	assert_true(tx());
	while (tftp_status(&t) == TFTP_WORKING) {
		now = tftp_wake_at(&t);
		sends += tx();
	}
	assert_int_equal(t.failure, TFTP_READ_TIMEOUT);
	assert_int_equal(sends, 10);
	assert_int_equal(sent[1], TFTP_ERROR);                  /* goodbye */
	assert_in_range(now, 20 * USEC_PER_S, 40 * USEC_PER_S);
}

static void a_name_too_long_is_refused(void **state)
{
	struct tftp_profile profile = { 0 };
	char name[300];

	(void)state;
	memset(name, 'n', sizeof name);
	name[sizeof name - 1] = '\0';
	tftp_init(&t, SERVER, name, room, FILE_MAX, &profile, NULL, 0, 7);
	assert_int_equal(tftp_status(&t), TFTP_FAILED);
	assert_int_equal(t.failure, TFTP_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_a_wds_client_does),
		cmocka_unit_test(options_are_given_up_one_by_one),
		cmocka_unit_test(a_silent_server_is_asked_for_half_a_minute),
		cmocka_unit_test(what_cannot_be_had_is_said_at_once),
		cmocka_unit_test(strangers_do_no_harm),
		cmocka_unit_test(nothing_doubled_is_answered),
		cmocka_unit_test(a_window_is_acknowledged_whole_or_at_its_gap),
		cmocka_unit_test(a_far_server_is_asked_again_for_a_long_window),
		cmocka_unit_test(a_long_window_that_is_refused_becomes_the_short_one),
		cmocka_unit_test(no_other_server_is_asked_for_a_long_window),
		cmocka_unit_test(where_packets_are_lost_a_long_window_becomes_a_short_one),
		cmocka_unit_test(a_near_server_is_soon_asked_for_the_short_window_again),
		cmocka_unit_test(a_long_window_stays_where_a_short_one_is_no_better),
		cmocka_unit_test(a_gap_may_be_told_again_when_that_was_not_heard),
		cmocka_unit_test(a_server_that_falls_silent_is_given_up),
		cmocka_unit_test(a_name_too_long_is_refused),
	};
	int failed;

	setup_memory();
	failed = cmocka_run_group_tests_name("tftp", tests, NULL, NULL);
	free(room);
	free(file);
	return failed;
}
