/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Frames in and out of a UNDI 3.1. */
#include "undi/nii_bench.h"

static void frames_come_until_there_is_no_data(void **state)
{
	(void)state;
	open_it();
	receives(0, 60);
	receives(1, FRAME_MAX);
	expect_frame(0, 60);
	expect_frame(1, FRAME_MAX);
	expect_none();
	assert_int_equal(card.counted.frames, 2);
	assert_int_equal(card.counted.receive_failed, 0);
}

static void a_busy_undi_ends_the_turn(void **state)
{
	(void)state;
	open_it();
	nii_fake_receives(&fake, NULL, 0, NII_BUSY);
	receives(0, 60);
	expect_none();
	expect_frame(0, 60);
	assert_int_equal(card.counted.receive_failed, 0);
}

static void an_error_ends_the_turn_and_the_next_goes_on(void **state)
{
	(void)state;
	open_it();
	nii_fake_receives(&fake, NULL, 0, NII_DEVICE_FAILURE);
	receives(0, 60);
	expect_none();
	expect_frame(0, 60);
	assert_int_equal(card.counted.receive_failed, 1);
}

static void lengths_that_are_no_ethernet_frame_s(void **state)
{
	(void)state;
	open_it();
	receives(0, 0);
	receives(0, FRAME_HEAD - 1);
	receives(0, FRAME_MAX + NII_FRAME_CRC + 1);
	receives(0, NII_RX_BYTES + 1);                  /* longer than the room: it tells, and does not write it */
	receives(3, FRAME_MAX + NII_FRAME_CRC);
	expect_frame(3, FRAME_MAX);
	assert_int_equal(card.counted.frame_too_short, 2);
	assert_int_equal(card.counted.frame_too_long, 2);
}

static void a_flood_of_nonsense_ends_the_turn_here_too(void **state)
{
	(void)state;
	open_it();
	for (unsigned i = 0; i < NII_FAKE_RX; i++)
		receives(0, 1);
	expect_none();
	assert_int_equal(fake.commands[NII_RECEIVE], NII_WINDOW_MAX);
}

static void a_frame_is_copied_padded_and_all_data(void **state)
{
	(void)state;
	open_it();
	assert_true(send(1, 42));
	memset(frames[1], 0, 42);
	nii_close(&card);
	assert_int_equal(fake.wire_frames, 1);
	assert_int_equal(fake.wire_len, FRAME_MIN);
	assert_int_equal(fake.wire[1], (uint8_t)(7 + 31));
	assert_int_equal(fake.wire[42], 0);
	assert_false(send(0, FRAME_HEAD - 1));
	assert_false(send(0, FRAME_MAX + 1));
}

static void buffers_come_back_late_and_in_any_order(void **state)
{
	(void)state;
	open_it();
	assert_true(send(0, 60));
	card.nic.link(&card.nic);                       /* it is one that gives back */
	fake.is_slow = true;
	for (unsigned i = 0; i < TX_RING_BUFFERS; i++)
		assert_true(send(i % 4, 60));
	assert_false(send(0, 60));
	assert_int_equal(card.counted.send_busy, 1);
	fake.is_slow = false;
	fake.gives_back_one = true;
	for (unsigned i = 0; i < 5 * TX_RING_BUFFERS; i++)
		assert_true(send(0, 60));
	assert_int_equal(card.tx.forced, 0);
}

static void an_empty_queue_is_no_reason_to_overlook_buffers(void **state)
{
	(void)state;
	open_it();
	for (unsigned i = 0; i < 3 * TX_RING_BUFFERS; i++)
		assert_true(send(0, 60));               /* each GET_STATUS tells all, and QUEUE_EMPTY */
	assert_true(card.tx.back >= 2 * TX_RING_BUFFERS);
}

static void buffers_it_says_it_did_not_write_are_not_read(void **state)
{
	(void)state;
	open_it();
	fake.lies_none_written = true;
	assert_true(send(0, 60));
	card.nic.link(&card.nic);
	assert_int_equal(card.tx.back, 0);
}

static void buffers_of_somebody_else_are_passed_over(void **state)
{
	uint8_t other[4];

	(void)state;
	fake.foreign = other;
	open_it();
	card.nic.link(&card.nic);
	assert_int_equal(card.tx.foreign, 1);
	fake.foreign = card.tx.frames[3];               /* ours, but not his */
	card.nic.link(&card.nic);
	assert_int_equal(card.tx.foreign, 2);
	fake.foreign = other;
	fake.tells_for_ever = true;
	card.nic.link(&card.nic);                       /* ends */
	assert_true(card.tx.foreign > 2);
}

static void a_full_queue_is_asked_what_was_sent(void **state)
{
	static const uint16_t codes[] = { NII_QUEUE_FULL, NII_BUFFER_FULL, NII_BUSY, NII_NO_DATA };

	(void)state;
	for (unsigned i = 0; i < COUNT_OF(codes); i++) {
		fresh(NULL);
		open_it();
		fake.tx_room = 2;
		fake.full_code = codes[i];
		for (unsigned n = 0; n < 10; n++)
			assert_true(send(0, 60));
		fake.is_slow = true;
		while (send(0, 60))
			;
		assert_int_equal(card.counted.send_busy, 1);
		assert_int_equal(card.counted.send_failed, 0);
	}
}

static void a_transmit_that_fails_gives_its_buffer_back(void **state)
{
	(void)state;
	open_it();
	fake.says[NII_TRANSMIT] = NII_DEVICE_FAILURE;
	fake.so_often[NII_TRANSMIT] = 1;
	assert_false(send(0, 60));
	assert_int_equal(card.counted.send_failed, 1);
	assert_int_equal(card.tx.under_way, 0);
	assert_true(send(0, 60));
}

static void who_never_gives_back_has_copied(void **state)
{
	(void)state;
	fake.never_gives_back = true;
	open_it();
	for (unsigned i = 0; i < 5 * TX_RING_BUFFERS; i++)
		assert_true(send(i % 4, 60));
	assert_int_equal(fake.wire_frames, 5 * TX_RING_BUFFERS);
}

static void what_is_lost_is_not_waited_for_for_ever(void **state)
{
	unsigned refused = 0;

	(void)state;
	open_it();
	assert_true(send(0, 60));
	card.nic.link(&card.nic);                       /* it does give back, */
	fake.is_slow = true;                            /* and now no more */
	for (unsigned i = 0; i < TX_RING_BUFFERS; i++)
		assert_true(send(0, 60));
	fake.held_count = 0;
	while (!send(0, 60))
		assert_true(++refused < TX_RING_REFUSALS_MAX);
	assert_int_equal(card.tx.forced, 1);
}

static void a_last_frame_leaves_before_it_is_shut_down(void **state)
{
	(void)state;
	open_it();
	assert_true(send(0, 60));
	card.nic.link(&card.nic);
	assert_true(send(1, 60));
	nii_close(&card);
	assert_int_equal(fake.wire_frames, 2);
	fresh(NULL);
	open_it();
	assert_true(send(0, 60));
	card.nic.link(&card.nic);
	assert_true(send(1, 60));
	fake.is_slow = true;
	nii_close(&card);
	assert_int_equal(fake.waited_us, NII_DRAIN_TRIES * USEC_PER_MS);
	assert_int_equal(fake.state, NII_STOPPED);
}

static void the_cable_is_asked_for_by_get_status(void **state)
{
	(void)state;
	fake.no_media = true;
	open_it();
	assert_int_equal(card.nic.link(&card.nic), NIC_LINK_DOWN);
	fake.no_media = false;
	assert_int_equal(card.nic.link(&card.nic), NIC_LINK_UP);
	fake.says[NII_GET_STATUS] = NII_DEVICE_FAILURE;
	assert_int_equal(card.nic.link(&card.nic), NIC_LINK_UP);
	assert_int_equal(card.counted.status_failed, 1);
}

static void who_only_detects_a_cable_at_first_is_not_believed(void **state)
{
	(void)state;
	fake.info_flags = NII_TELLS_CABLE;
	fake.no_media = true;
	open_it();
	assert_int_equal(card.nic.link(&card.nic), NIC_LINK_UNKNOWN);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fresh, is_right)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(frames_come_until_there_is_no_data), TEST(a_busy_undi_ends_the_turn),
		TEST(an_error_ends_the_turn_and_the_next_goes_on), TEST(lengths_that_are_no_ethernet_frame_s),
		TEST(a_flood_of_nonsense_ends_the_turn_here_too), TEST(a_frame_is_copied_padded_and_all_data),
		TEST(buffers_come_back_late_and_in_any_order), TEST(an_empty_queue_is_no_reason_to_overlook_buffers),
		TEST(buffers_it_says_it_did_not_write_are_not_read), TEST(buffers_of_somebody_else_are_passed_over),
		TEST(a_full_queue_is_asked_what_was_sent), TEST(a_transmit_that_fails_gives_its_buffer_back),
		TEST(who_never_gives_back_has_copied), TEST(what_is_lost_is_not_waited_for_for_ever),
		TEST(a_last_frame_leaves_before_it_is_shut_down), TEST(the_cable_is_asked_for_by_get_status),
		TEST(who_only_detects_a_cable_at_first_is_not_believed),
	};

	return cmocka_run_group_tests_name("undi/nii frames", tests, NULL, NULL);
}
