/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/mtftp.h"
#include "netstack/tftp_group_script.h"

enum { GROUP = 0xe0010105, CLIENT_PORT = 1758, SERVER_PORT = 1759, TIMEOUT_S = 3, DELAY_S = 2, OTHERS_TID = 4001 };

static const struct pxe_mtftp how = { GROUP, CLIENT_PORT, SERVER_PORT, TIMEOUT_S, DELAY_S };

static struct mtftp m;

static int setup(void **state)
{
	(void)state;
	setup_memory();
	mtftp_init(&m, SERVER, &how, "f", room, sizeof room, NULL, now, 7);
	return 0;
}

static bool tx(void)
{
	struct wr w = sent_room();

	if (!mtftp_tx(&m, now, &w, &flow))
		return false;
	assert_int_equal(flow.dst_ip, SERVER);
	assert_int_equal(flow.src_port, CLIENT_PORT);
	return sent_keep(&w);
}

static void assert_acks(uint16_t block)
{
	assert_true(tx());
	assert_is_ack(block);
}

static void rx_from(uint32_t ip, uint16_t port, const void *bytes, size_t len)
{
	uint8_t *copy = exact_copy(bytes, len);
	struct datagram in = { .src_ip = ip, .dst_ip = GROUP, .src_port = port, .dst_port = CLIENT_PORT,
	                       .payload = rd_over(copy, len) };

	mtftp_rx(&m, now, &in);
	free(copy);
}

static void data_from(uint16_t port, uint16_t number)
{
	uint8_t packet[PACKET_MAX];

	rx_from(SERVER, port, packet, make_data(packet, number));
}

static void data(uint16_t number) { data_from(TID, number); }

static void others(uint16_t from, uint16_t to)
{
	for (uint16_t n = from; n <= to; n++)
		data_from(OTHERS_TID, n);
}

/* Time goes by until something is said; false: nothing was, for so long. */
static bool tx_within(usec time)
{
	for (usec end = now + time; now < end; now += 10 * USEC_PER_MS)
		if (tx())
			return true;
	return false;
}

static void assert_opens(usec after, usec within)
{
	assert_false(tx_within(after));
	assert_true(tx_within(within - after));
	assert_says("\0\1f\0octet\0");
	assert_int_equal(flow.dst_port, SERVER_PORT);
}

static void assert_done(void)
{
	assert_int_equal(mtftp_status(&m), MTFTP_DONE);
	assert_int_equal(m.blocks.bytes, FILE_BYTES);
	assert_memory_equal(room, file, FILE_BYTES);
}

static void assert_failed(void)
{
	assert_int_equal(mtftp_status(&m), MTFTP_FAILED);
	assert_false(tx());
	assert_true(mtftp_wake_at(&m) == NEVER);
}

static void an_offer_needs_a_group_and_two_ports(void **state)
{
	static const struct { struct pxe_mtftp how; bool is_offered; } rows[] = {
		{ { GROUP, 1, 2, 0, 0 }, true }, { { 0, 1, 2, 3, 4 }, false }, { { SERVER, 1, 2, 3, 4 }, false },
		{ { 0xf0000001, 1, 2, 3, 4 }, false }, { { GROUP, 0, 2, 3, 4 }, false },
		{ { GROUP, 1, 0, 3, 4 }, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		assert_int_equal(mtftp_is_offered(&rows[i].how), rows[i].is_offered);
}

static void in_silence_it_listens_for_its_time_and_opens(void **state)
{
	(void)state;
	assert_opens(TIMEOUT_S * USEC_PER_S, TIMEOUT_S * USEC_PER_S * 3 / 2 + USEC_PER_MS);
	for (uint16_t n = 1; n <= BLOCKS; n++) {
		data(n);
		assert_acks(n);
	}
	assert_done();
	data(BLOCKS);                   /* our last ACK was lost */
	assert_acks(BLOCKS);
	assert_false(tx_within(2 * USEC_PER_S));
	assert_true(mtftp_wake_at(&m) == NEVER);
	assert_int_equal(m.opened, 1);
}

static void where_no_time_is_offered_it_listens_for_a_second(void **state)
{
	const struct pxe_mtftp hasty = { GROUP, CLIENT_PORT, SERVER_PORT, 0, 0 };

	(void)state;
	mtftp_init(&m, SERVER, &hasty, "f", room, sizeof room, NULL, now, 7);
	assert_opens(USEC_PER_S, USEC_PER_S * 3 / 2 + USEC_PER_MS);
	others(7, 9);
	assert_opens(USEC_PER_S, USEC_PER_S * 3 / 2 + USEC_PER_MS);
}

static void a_transfer_that_goes_on_is_joined_without_a_word(void **state)
{
	(void)state;
	others(1, BLOCKS);
	assert_done();
	assert_false(tx());
	assert_true(mtftp_wake_at(&m) == NEVER);
}

/* To its end: what the others' transfer brought comes again and must be the same. */
static void what_was_missed_comes_with_a_transfer_of_our_own(void **state)
{
	(void)state;
	others(20, BLOCKS);
	assert_opens(DELAY_S * USEC_PER_S, DELAY_S * USEC_PER_S * 3 / 2 + USEC_PER_MS);
	for (uint16_t n = 1; n <= BLOCKS; n++) {
		assert_int_equal(mtftp_status(&m), MTFTP_WORKING);
		data(n);
		assert_acks(n);
	}
	assert_done();
}

static void blocks_of_another_file_make_none(void **state)
{
	static const uint8_t other[4 + BLOCK] = { 0, TFTP_DATA, 0, 20, 1 };

	(void)state;
	rx_from(SERVER, OTHERS_TID, other, sizeof other);
	assert_opens(DELAY_S * USEC_PER_S, DELAY_S * USEC_PER_S * 3 / 2 + USEC_PER_MS);
	for (uint16_t n = 1; n < 20; n++) {
		data(n);
		assert_acks(n);
	}
	data(20);
	assert_true(tx());
	assert_says("\0\5\0\0TFTP Aborted\0");
	assert_failed();
}

static void or_with_the_next_of_somebody_else(void **state)
{
	(void)state;
	others(20, BLOCKS);
	assert_false(tx_within(USEC_PER_S));
	others(1, 10);
	assert_false(tx_within(DELAY_S * USEC_PER_S));
	others(11, 19);
	assert_done();
	assert_int_equal(m.opened, 0);
}

static void a_transfer_that_was_opened_by_somebody_else_meanwhile_is_his(void **state)
{
	(void)state;
	assert_opens(TIMEOUT_S * USEC_PER_S, 2 * TIMEOUT_S * USEC_PER_S);
	others(7, 9);
	assert_false(tx_within(DELAY_S * USEC_PER_S));
	assert_true(tx_within(DELAY_S * USEC_PER_S));
	assert_int_equal(m.opened, 2);
	data(1);
	assert_acks(1);
	rx_from(SERVER, TID, "\0\5\0\5who are you\0", 16);
	others(2, 3);
	assert_false(tx_within(DELAY_S * USEC_PER_S));
	assert_int_equal(mtftp_status(&m), MTFTP_WORKING);
}

static void a_lost_ack_goes_out_again_and_a_doubled_block_asks_nothing(void **state)
{
	(void)state;
	assert_opens(TIMEOUT_S * USEC_PER_S, 2 * TIMEOUT_S * USEC_PER_S);
	data(1);
	assert_acks(1);
	data(1);
	assert_false(tx());
	now += USEC_PER_S;
	assert_acks(1);
	assert_int_equal(m.retries, 1);
	data_from(OTHERS_TID, 2);       /* welcome, and no reason to ask */
	assert_false(tx());
}

static void what_does_not_work_out_ends_in_unicast(void **state)
{
	(void)state;
	for (int opened = 0; tx_within(20 * USEC_PER_S); opened++)
		assert_in_range(opened, 0, 2);  /* nobody answers */
	assert_failed();
	assert_int_equal(m.retries, 2);

	setup(NULL);                    /* it was refused */
	assert_opens(TIMEOUT_S * USEC_PER_S, 2 * TIMEOUT_S * USEC_PER_S);
	rx_from(SERVER, SERVER_PORT, "\0\5\0\1no file\0", 12);
	assert_failed();

	setup(NULL);                    /* it fell silent, and is told */
	assert_opens(TIMEOUT_S * USEC_PER_S, 2 * TIMEOUT_S * USEC_PER_S);
	data(1);
	while (tx_within(20 * USEC_PER_S))
		;
	assert_says("\0\5\0\0TFTP Aborted\0");
	assert_failed();

	setup(NULL);                    /* the same block is lost again and again */
	for (int i = 0; i < 20 && mtftp_status(&m) == MTFTP_WORKING; i++) {
		others(2, BLOCKS);
		tx_within(4 * USEC_PER_S);
	}
	assert_failed();
}

static void blocks_of_a_transfer_with_options_are_never_mixed_in(void **state)
{
	static const uint8_t longer[4 + BLOCK + 1] = { 0, TFTP_DATA, 0, 2 }, shorter[14] = { 0, TFTP_DATA, 0, 10 };

	(void)state;
	rx_from(SERVER, OTHERS_TID, shorter, sizeof shorter);
	assert_int_equal(m.blocks.bytes, 0);
	others(1, 8);
	rx_from(SERVER, OTHERS_TID, shorter, sizeof shorter);
	assert_int_equal(m.blocks.bytes, 8 * BLOCK);
	rx_from(SERVER, OTHERS_TID, longer, sizeof longer);
	assert_failed();
}

static void a_file_of_one_block_and_one_too_large(void **state)
{
	(void)state;
	rx_from(SERVER, OTHERS_TID, "\0\3\0\1hello", 9);      /* of blocks that are shorter, perhaps */
	assert_int_equal(m.blocks.bytes, 0);
	assert_true(tx_within(60 * USEC_PER_S));
	rx_from(SERVER, TID, "\0\3\0\1hello", 9);
	assert_int_equal(mtftp_status(&m), MTFTP_DONE);
	assert_int_equal(m.blocks.bytes, 5);
	mtftp_init(&m, SERVER, &how, "f", room, FILE_BYTES - 1, NULL, now, 7);
	others(1, BLOCKS);
	assert_failed();
}

static void strangers_and_nonsense_are_counted(void **state)
{
	(void)state;
	rx_from(SERVER + 1, TID, "\0\3\0\1x", 5);
	rx_from(SERVER, TID, "\0\3\0", 3);
	rx_from(SERVER, TID, "\0\4\0\1", 4);
	rx_from(SERVER, TID, "\0\3\0\0x", 5);
	rx_from(SERVER, TID, "\0\5\0\0x", 6);   /* to somebody else */
	assert_int_equal(m.foreign, 1);
	assert_int_equal(m.malformed, 3);
	assert_int_equal(m.ignored, 1);
	assert_int_equal(m.blocks.bytes, 0);
}

/* What the server sent that has not come yet: frames overtake each other. */
struct wire { struct random random; uint16_t held; };

/* 0: none, by an ERROR. */
static uint16_t asked_block(void)
{
	if (sent[1] == TFTP_RRQ)
		return 1;
	if (sent[1] == TFTP_ACK)
		return (uint16_t)((sent[2] << 8 | sent[3]) + 1);
	return 0;
}

static void carry(struct wire *w, uint16_t port, uint16_t number)
{
	if (random_below(&w->random, 100) < 20)
		return;
	if (w->held && random_below(&w->random, 2)) {
		data_from(port, w->held);
		data_from(port, w->held);
	}
	w->held = number;
	if (random_below(&w->random, 4))
		data_from(port, number);
}

static void a_file_comes_through_loss_doubling_and_disorder(void **state)
{
	struct wire w = { .random = random_from(5) };
	uint16_t asked = 0;
	usec resend = 0;

	(void)state;
	for (uint16_t n = 13; n <= BLOCKS; n++) {
		carry(&w, OTHERS_TID, n);
		assert_false(tx_within(50 * USEC_PER_MS));
	}
	for (; mtftp_status(&m) == MTFTP_WORKING && now < 300 * (usec)USEC_PER_S; now += 10 * USEC_PER_MS) {
		if (tx() && random_below(&w.random, 100) >= 20)
			asked = asked_block();
		else if (now < resend)
			continue;
		resend = now + USEC_PER_S;
		if (asked && asked <= BLOCKS)
			carry(&w, TID, asked);
	}
	assert_done();
	assert_true(m.opened >= 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, NULL)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_offer_needs_a_group_and_two_ports),
		TEST(in_silence_it_listens_for_its_time_and_opens),
		TEST(where_no_time_is_offered_it_listens_for_a_second),
		TEST(a_transfer_that_goes_on_is_joined_without_a_word),
		TEST(what_was_missed_comes_with_a_transfer_of_our_own),
		TEST(blocks_of_another_file_make_none),
		TEST(or_with_the_next_of_somebody_else),
		TEST(a_transfer_that_was_opened_by_somebody_else_meanwhile_is_his),
		TEST(a_lost_ack_goes_out_again_and_a_doubled_block_asks_nothing),
		TEST(what_does_not_work_out_ends_in_unicast),
		TEST(blocks_of_a_transfer_with_options_are_never_mixed_in),
		TEST(a_file_of_one_block_and_one_too_large),
		TEST(strangers_and_nonsense_are_counted),
		TEST(a_file_comes_through_loss_doubling_and_disorder),
	};

	return cmocka_run_group_tests_name("mtftp", tests, NULL, NULL);
}
