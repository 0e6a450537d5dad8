/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What such drivers do with frames, sound and not. */
#include "undi/snp_bench.h"

/* ---- receiving ---- */

static void frames_come_until_there_is_none(void **state)
{
	(void)state;
	open_it();
	receives(0, 60);
	receives(1, 1514);
	receives(2, FRAME_HEAD);
	expect_frame(0, 60);
	expect_frame(1, 1514);
	expect_frame(2, FRAME_HEAD);
	expect_none();
	assert_int_equal(card.counted.frames, 3);
}

static void a_checksum_behind_the_frame_is_cut_off(void **state)
{
	(void)state;
	open_it();
	receives(1, FRAME_MAX + SNP_FRAME_CRC);
	expect_frame(1, FRAME_MAX);
}

static void lengths_no_ethernet_has(void **state)
{
	(void)state;
	open_it();
	receives(0, 0);
	receives(0, FRAME_HEAD - 1);
	receives(0, FRAME_MAX + SNP_FRAME_CRC + 1);
	receives(0, SNP_RX_BYTES);
	receives(3, 64);
	expect_frame(3, 64);
	assert_int_equal(card.counted.frame_too_short, 2);
	assert_int_equal(card.counted.frame_too_long, 2);
	assert_int_equal(fake.initializes, 1);
}

/* A driver keeps what did not fit, and gives it again for ever. */
static void a_frame_that_never_fits_does_not_make_it_deaf(void **state)
{
	(void)state;
	open_it();
	receives(0, 64);
	receives(1, SNP_RX_BYTES + 1);
	receives(2, 64);
	assert_true(send(3, 60));
	expect_frame(0, 64);
	expect_none();
	expect_frame(2, 64);
	assert_int_equal(card.counted.restarted, 1);
	assert_int_equal(fake.mode.filters, SNP_UNICAST | SNP_BROADCAST);
	for (unsigned i = 0; i < 2 * TX_RING_BUFFERS; i++)
		assert_true(send(3, 60));
}

static void an_error_ends_the_turn_and_nothing_else(void **state)
{
	(void)state;
	open_it();
	receives(0, 60);
	snp_fake_receives(&fake, frames[1], 60, SNP_DEVICE_ERROR);
	receives(2, 60);
	expect_frame(0, 60);
	expect_none();
	expect_frame(2, 60);
	assert_int_equal(card.counted.receive_failed, 1);
}

static void a_flood_of_nonsense_ends_the_turn(void **state)
{
	(void)state;
	open_it();
	for (unsigned i = 0; i < SNP_FAKE_RX - 1; i++)
		receives(0, 3);
	receives(1, 60);
	expect_none();
	assert_int_equal(fake.receives, SNP_WINDOW_MAX);
	expect_frame(1, 60);
}

/* ---- sending ---- */

static void a_frame_leaves_padded_and_the_caller_s_stays_his(void **state)
{
	static const uint8_t zeros[FRAME_MIN];

	(void)state;
	open_it();
	assert_true(send(1, 42));
	memset(frames[1], 0xff, 42);                    /* before it has left */
	snp_close(&card);
	for (unsigned i = 0; i < 42; i++)
		assert_int_equal(fake.wire[i], (uint8_t)(i * 7 + 31));
	assert_int_equal(fake.wire_len, FRAME_MIN);
	assert_memory_equal(fake.wire + 42, zeros, FRAME_MIN - 42);
}

static void what_is_no_frame_is_not_sent(void **state)
{
	(void)state;
	open_it();
	assert_false(send(0, FRAME_HEAD - 1));
	assert_false(send(0, FRAME_MAX + 1));
	assert_int_equal(fake.transmits, 0);
}

static void no_buffer_is_sent_again_before_it_came_back(void **state)
{
	(void)state;
	open_it();
	fake.is_slow = true;
	for (unsigned i = 0; i < TX_RING_BUFFERS; i++)
		assert_true(send(i & 3, 100 + i));
	assert_int_equal(fake.held_count, TX_RING_BUFFERS);
	assert_int_equal(fake.transmits, TX_RING_BUFFERS);
	fake.is_slow = false;
	for (unsigned i = 0; i < 100; i++)
		assert_true(send(i & 3, 100 + i));
	assert_int_equal(fake.reused, 0);
	assert_int_equal(card.counted.send_failed, 0);
	snp_close(&card);
	assert_int_equal(fake.wire_frames, TX_RING_BUFFERS + 100);
	assert_int_equal(fake.wire_len, 199);
}

static void buffers_may_come_back_in_any_order(void **state)
{
	(void)state;
	fake.gives_back_backwards = true;
	open_it();
	for (unsigned i = 0; i < 200; i++)
		assert_true(send(i & 3, 60 + i));
	assert_int_equal(fake.reused, 0);
	snp_close(&card);
	assert_int_equal(fake.wire_frames, 200);
}

static void a_full_card_is_tried_again(void **state)
{
	(void)state;
	fake.tx_room = 3;
	open_it();
	for (unsigned i = 0; i < 50; i++)
		assert_true(send(0, 60));
	fake.is_slow = true;
	while (send(0, 60))
		;
	assert_int_equal(fake.held_count, 3);
	assert_int_equal(card.counted.send_busy, 1);
	fake.is_slow = false;
	assert_true(send(2, 77));
	snp_close(&card);
	assert_int_equal(fake.wire_len, 77);
	assert_int_equal(card.counted.send_failed, 0);
}

static void a_transmit_that_fails_is_told_and_tried_again(void **state)
{
	(void)state;
	open_it();
	fake.transmit_says = SNP_DEVICE_ERROR;
	assert_false(send(0, 60));
	assert_int_equal(card.counted.send_failed, 1);
	fake.transmit_says = SNP_SUCCESS;
	for (unsigned i = 0; i < 3 * TX_RING_BUFFERS; i++)
		assert_true(send(0, 60));
}

static void a_driver_that_copies_never_gives_back(void **state)
{
	(void)state;
	fake.never_gives_back = true;
	open_it();
	for (unsigned i = 0; i < 100; i++)
		assert_true(send(i & 3, 60 + i));
	assert_int_equal(fake.wire_frames, 100);
	snp_close(&card);
	assert_int_equal(fake.waited_ms, 0);            /* there is nothing to wait for */
}

/* It gave some back, so it is believed for a while that it will go on. */
static void a_buffer_that_is_lost_is_not_waited_for_for_ever(void **state)
{
	unsigned refused = 0;

	(void)state;
	open_it();
	for (unsigned i = 0; i < TX_RING_BUFFERS + 1; i++)
		assert_true(send(0, 60));
	fake.held_count = 0;                            /* all it had it forgot */
	fake.is_slow = true;
	for (unsigned i = 0; i < 2 * TX_RING_REFUSALS_MAX && fake.transmits < 3 * TX_RING_BUFFERS; i++)
		refused += !send(0, 60);
	assert_true(refused >= TX_RING_REFUSALS_MAX - 1);
	assert_true(card.tx.forced >= 1);
	assert_int_equal(fake.reused, 0);
}

static void buffers_of_others_are_not_ours(void **state)
{
	static uint8_t other[60];

	(void)state;
	fake.foreign = other;
	open_it();
	for (unsigned i = 0; i < 3 * TX_RING_BUFFERS; i++)
		assert_true(send(0, 60));
	assert_int_equal(card.tx.foreign, 1);
	assert_int_equal(fake.reused, 0);
	fake.foreign = other;
	fake.tells_for_ever = true;
	card.nic.link(&card.nic);                       /* ends */
	assert_true(card.tx.foreign > 1);
}

static void a_status_that_fails_costs_nothing(void **state)
{
	(void)state;
	open_it();
	fake.status_says = SNP_DEVICE_ERROR;
	receives(0, 60);
	expect_frame(0, 60);
	assert_int_equal(card.nic.link(&card.nic), NIC_LINK_UP);
	assert_true(send(0, 60));
	assert_int_equal(card.counted.status_failed, 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fresh, NULL)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(frames_come_until_there_is_none), TEST(a_checksum_behind_the_frame_is_cut_off),
		TEST(lengths_no_ethernet_has), TEST(a_frame_that_never_fits_does_not_make_it_deaf),
		TEST(an_error_ends_the_turn_and_nothing_else), TEST(a_flood_of_nonsense_ends_the_turn),
		TEST(a_frame_leaves_padded_and_the_caller_s_stays_his), TEST(what_is_no_frame_is_not_sent),
		TEST(no_buffer_is_sent_again_before_it_came_back), TEST(buffers_may_come_back_in_any_order),
		TEST(a_full_card_is_tried_again), TEST(a_transmit_that_fails_is_told_and_tried_again),
		TEST(a_driver_that_copies_never_gives_back), TEST(a_buffer_that_is_lost_is_not_waited_for_for_ever),
		TEST(buffers_of_others_are_not_ours), TEST(a_status_that_fails_costs_nothing),
	};

	return cmocka_run_group_tests_name("undi/snp frames", tests, NULL, NULL);
}
