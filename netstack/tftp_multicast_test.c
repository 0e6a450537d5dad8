/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/tftp_group_script.h"
#include "netstack/tftp_multicast.h"

enum { GROUP = 0xefff0001, GROUP_PORT = 1758 };

static struct tftp_multicast m;

static int setup(void **state)
{
	(void)state;
	setup_memory();
	tftp_multicast_init(&m, SERVER, "f", room, sizeof room, 1456, NULL, now, 7);
	return 0;
}

static bool tx(void)
{
	struct wr w = sent_room();

	if (!tftp_multicast_tx(&m, now, &w, &flow))
		return false;
	assert_int_equal(flow.dst_ip, SERVER);
	assert_int_equal(flow.src_port, m.port);
	return sent_keep(&w);
}

static void assert_acks(uint16_t block)
{
	assert_true(tx());
	assert_is_ack(block);
}

static void rx_from(uint32_t ip, uint16_t port, uint16_t to, const void *bytes, size_t len)
{
	uint8_t *copy = exact_copy(bytes, len);
	struct datagram in = { .src_ip = ip, .src_port = port, .dst_port = to, .payload = rd_over(copy, len) };

	tftp_multicast_rx(&m, now, &in);
	free(copy);
}

#define rx(bytes) rx_from(SERVER, TID, m.port, bytes, sizeof(bytes) - 1)

static void data(uint16_t number)
{
	uint8_t packet[PACKET_MAX];

	rx_from(SERVER, TID, GROUP_PORT, packet, make_data(packet, number));
}

#define OFFER(master) "\0\6multicast\0" "239.255.0.1,1758," master "\0" "blksize\0" "512\0"
#define TURN(master)  "\0\6multicast\0,," master

static void start_master(void)
{
	assert_true(tx());
	rx(OFFER("1"));
	tftp_multicast_joined(&m, now, true);
	assert_acks(0);
}

static void start_listening(void)
{
	assert_true(tx());
	rx(OFFER("0"));
	tftp_multicast_joined(&m, now, true);
	assert_false(tx());
}

static void assert_done(void)
{
	assert_int_equal(tftp_multicast_status(&m), TFTP_MULTICAST_DONE);
	assert_int_equal(m.blocks.bytes, FILE_BYTES);
	assert_memory_equal(room, file, FILE_BYTES);
}

/* Whatever went wrong: the server is told, once, and nothing is waited for. */
static void assert_failed(bool tells)
{
	assert_int_equal(tftp_multicast_status(&m), TFTP_MULTICAST_FAILED);
	assert_int_equal(tx(), tells);
	if (tells)
		assert_says("\0\5\0\0TFTP Aborted\0");
	assert_false(tx());
	assert_true(tftp_multicast_wake_at(&m) == NEVER);
}

static void pass(usec time)
{
	for (usec end = now + time; now < end; now += 50 * USEC_PER_MS)
		tx();
}

static void the_request_asks_for_multicast_and_for_no_window(void **state)
{
	(void)state;
	assert_true(tx());
	assert_says("\0\1f\0octet\0tsize\0" "0\0blksize\0" "1456\0multicast\0\0");
	assert_int_equal(flow.dst_port, 69);
	assert_false(tx());
}

static void nothing_is_asked_for_before_the_group_is_joined(void **state)
{
	(void)state;
	assert_true(tx());
	rx(OFFER("1") "tsize\0" "20068\0");
	assert_int_equal(m.group, GROUP);
	assert_int_equal(m.group_port, GROUP_PORT);
	assert_false(tx());
	data(1);
	assert_int_equal(m.blocks.bytes, 0);
	tftp_multicast_joined(&m, now, true);
	assert_acks(0);
	assert_int_equal(m.size, 20068);
}

static void a_master_asks_for_each_block_and_ends_with_the_last(void **state)
{
	(void)state;
	start_master();
	for (uint16_t n = 1; n <= BLOCKS; n++) {
		data(n);
		assert_acks(n);
	}
	assert_done();
	data(BLOCKS);                   /* our last ACK was lost */
	assert_acks(BLOCKS);
	data(3);
	assert_false(tx());
	now += 2 * USEC_PER_S;
	assert_false(tx());
	assert_true(tftp_multicast_wake_at(&m) == NEVER);
}

static void a_listener_says_nothing_until_it_has_all(void **state)
{
	(void)state;
	start_listening();
	for (uint16_t n = BLOCKS; n > 1; n--) {
		data(n);
		data(n);
		assert_false(tx());
	}
	data(1);
	assert_done();
	assert_acks(BLOCKS);
	data(BLOCKS);                   /* somebody else's: no ACK of ours */
	assert_false(tx());
	rx(TURN("1\0"));
	assert_acks(BLOCKS);
}

static void who_becomes_the_master_asks_for_what_it_missed(void **state)
{
	(void)state;
	start_listening();
	for (uint16_t n = 5; n <= BLOCKS; n++)
		if (n != 9)
			data(n);
	assert_false(tx());
	rx(TURN("1\0"));
	for (uint16_t n = 1; n <= 4; n++) {
		assert_acks((uint16_t)(n - 1));
		data(n);
	}
	assert_acks(8);
	data(9);
	assert_acks(BLOCKS);
	assert_done();
}

/* To each ACK of a listener atftpd says again that he is one. */
static void only_a_turn_of_ours_is_answered(void **state)
{
	(void)state;
	start_listening();
	rx(OFFER("0"));
	assert_false(tx());
	rx(TURN("1\0"));
	assert_acks(0);
	rx(TURN("0\0"));
	assert_false(tx());
	now += 5 * USEC_PER_S;          /* no longer ours to ask */
	assert_false(tx());
}

static void a_lost_ack_goes_out_again_and_a_doubled_block_asks_nothing(void **state)
{
	(void)state;
	start_master();
	data(1);
	assert_acks(1);
	data(1);
	assert_false(tx());
	now += USEC_PER_S;
	assert_acks(1);
	assert_int_equal(m.retries, 1);
}

static void silence_ends_in_unicast(void **state)
{
	(void)state;
	start_master();
	pass(60 * USEC_PER_S);
	assert_int_equal(tftp_multicast_status(&m), TFTP_MULTICAST_FAILED);
	setup(NULL);
	start_listening();
	data(4);
	now += 34 * USEC_PER_S;
	data(4);                        /* a sign of life */
	now += 34 * USEC_PER_S;
	assert_false(tx());
	assert_int_equal(tftp_multicast_status(&m), TFTP_MULTICAST_WORKING);
	now += 20 * USEC_PER_S;         /* the master is dead, and nobody took his place */
	assert_true(tx());
	assert_says("\0\5\0\0TFTP Aborted\0");
	assert_failed(false);
	setup(NULL);
	pass(30 * USEC_PER_S);          /* nobody answers at all */
	assert_failed(false);
	assert_int_equal(m.retries, 3);
}

static void answers_that_are_no_multicast_end_in_unicast(void **state)
{
	static const struct { const char *bytes; size_t len; bool tells; } rows[] = {
#define ROW(bytes, tells) { bytes, sizeof(bytes) - 1, tells }
		ROW("\0\6blksize\0" "512\0", true),
		ROW("\0\3\0\1data", true),
		ROW("\0\5\0\1no such file\0", false),
		ROW("\0\6multicast\0" "10.0.0.2,1758,1\0", true),
		ROW("\0\6multicast\0" ",,1\0", true),
		ROW("\0\6multicast\0" "239.255.0.1,0,1\0", true),
		ROW("\0\6multicast\0" "239.255.0.1,1758,2\0", true),
		ROW("\0\6multicast\0" "239.255.0.1,1758,1\0blksize\0" "1457\0", true),
		ROW("\0\6multicast\0" "239.255.0.1,1758,1\0windowsize\0" "4\0", true),
		ROW("\0\6multicast\0" "239.255.0.1,1758,1\0timeout\0" "4\0", true),
		ROW("\0\6multicast\0" "239.255.0.1,1758,1\0tsize\0" "65537\0", true),
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		setup(NULL);
		assert_true(tx());
		rx_from(SERVER, TID, m.port, rows[i].bytes, rows[i].len);
		assert_failed(rows[i].tells);
	}
	setup(NULL);
	assert_true(tx());
	rx(OFFER("1"));
	tftp_multicast_joined(&m, now, false);
	assert_failed(true);
}

static void a_file_of_more_blocks_than_numbers_comes_by_unicast(void **state)
{
	static uint8_t much[1];

	(void)state;
	tftp_multicast_init(&m, SERVER, "f", much, SIZE_MAX / 2, 1456, NULL, now, 7);
	assert_true(tx());
	rx(OFFER("1") "tsize\0" "33553920\0");
	assert_failed(true);
	tftp_multicast_init(&m, SERVER, "f", much, SIZE_MAX / 2, 1456, NULL, now, 7);
	assert_true(tx());
	rx(OFFER("1") "tsize\0" "33553919\0");
	assert_int_equal(tftp_multicast_status(&m), TFTP_MULTICAST_WORKING);
}

static void a_transfer_that_changes_is_given_up(void **state)
{
	(void)state;
	start_listening();
	rx("\0\6multicast\0" "239.255.0.2,1758,1\0");
	assert_failed(true);
	setup(NULL);
	start_master();
	rx("\0\5\0\0gone\0");
	assert_failed(false);
	setup(NULL);
	assert_true(tx());
	rx(OFFER("1") "tsize\0" "99\0");
	tftp_multicast_joined(&m, now, true);
	assert_acks(0);
	for (uint16_t n = 1; n <= BLOCKS; n++)
		data(n);
	assert_failed(true);            /* it has another length than was said */
}

static void strangers_and_nonsense_are_counted(void **state)
{
	(void)state;
	start_master();
	rx_from(SERVER + 1, TID, GROUP_PORT, "\0\3\0\1x", 5);
	rx_from(SERVER, TID + 1, GROUP_PORT, "\0\3\0\1x", 5);
	rx("\0\3\0");
	rx("\0\3\0\0x");
	assert_int_equal(m.foreign, 2);
	assert_int_equal(m.malformed, 2);
	assert_false(tx());
	assert_int_equal(m.blocks.bytes, 0);
}

/* A server, and another client that was there first and asks for the blocks until he has them; then it is our turn. */
static void a_file_comes_through_loss_doubling_and_disorder(void **state)
{
	struct random r = random_from(3);
	uint16_t next = 12, held = 0;
	bool ours = false;

	(void)state;
	start_listening();
	while (tftp_multicast_status(&m) == TFTP_MULTICAST_WORKING && now < 300 * (usec)USEC_PER_S) {
		bool lost = random_below(&r, 100) < 20;

		now += 50 * USEC_PER_MS;
		if (tx() && random_below(&r, 100) >= 20)
			next = (uint16_t)((sent[2] << 8 | sent[3]) + 1);
		if (!ours && next > BLOCKS) {
			ours = true;
			rx(TURN("1\0"));
			continue;
		}
		if (next > BLOCKS || lost) {
			next = ours ? next : (uint16_t)(next + 1);
			continue;
		}
		if (held && random_below(&r, 2)) {
			data(held);
			data(held);
		}
		held = next;
		if (random_below(&r, 4))
			data(next);
		next = ours ? next : (uint16_t)(next + 1);
	}
	assert_true(ours);
	assert_done();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, NULL)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_request_asks_for_multicast_and_for_no_window),
		TEST(nothing_is_asked_for_before_the_group_is_joined),
		TEST(a_master_asks_for_each_block_and_ends_with_the_last),
		TEST(a_listener_says_nothing_until_it_has_all),
		TEST(who_becomes_the_master_asks_for_what_it_missed),
		TEST(only_a_turn_of_ours_is_answered),
		TEST(a_lost_ack_goes_out_again_and_a_doubled_block_asks_nothing),
		TEST(silence_ends_in_unicast),
		TEST(answers_that_are_no_multicast_end_in_unicast),
		TEST(a_file_of_more_blocks_than_numbers_comes_by_unicast),
		TEST(a_transfer_that_changes_is_given_up),
		TEST(strangers_and_nonsense_are_counted),
		TEST(a_file_comes_through_loss_doubling_and_disorder),
	};

	return cmocka_run_group_tests_name("tftp_multicast", tests, NULL, NULL);
}
