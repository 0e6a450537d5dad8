/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* One way to real mode for what would else be several: a frame sent with the burst that follows, looks repeated. */
#include "undi/pxe_bench.h"

/* As the stack's waiting readers do it. */
static bool send_before_a_poll(unsigned which, size_t len)
{
	bool took;

	card.nic.poll_follows = true;
	took = card.nic.send(&card.nic, frames[which], len);
	card.nic.poll_follows = false;
	return took;
}

static void expect(uint16_t frames_due)
{
	card.nic.rx_expected = frames_due;
	card.nic.rx_wait_us = 1000;
}

static void a_frame_before_a_poll_goes_with_it(void **state)
{
	(void)state;
	open_it();
	card.nic.rx_expected = 1;
	assert_true(send_before_a_poll(0, 100));
	assert_int_equal(fake.wire_frames, 0);
	says(PXE_ISR_TRANSMIT);
	says_frame(1, 200);
	expect_frame(1, 200);
	assert_int_equal(fake.wire_frames, 1);
	assert_int_equal(fake.wire_len, 100);
	assert_memory_equal(fake.wire, frames[0], 100);
	assert_int_equal(fake.bursts, 1);
	assert_int_equal(fake.isr_count, 2);    /* its end and the answer; no call for more */
	assert_int_equal(card.counted.sent, 1);
	expect_none();
	assert_int_equal(fake.wire_frames, 1);
}

static void frames_leave_in_their_order(void **state)
{
	(void)state;
	open_it();
	assert_true(send_before_a_poll(0, 100));
	assert_true(card.nic.send(&card.nic, frames[1], 120));
	assert_int_equal(fake.wire_frames, 2);
	assert_memory_equal(fake.wire, frames[1], 120);
	assert_true(send_before_a_poll(2, 130));
	assert_true(send_before_a_poll(3, 140));
	assert_int_equal(fake.wire_frames, 3);
	assert_memory_equal(fake.wire, frames[2], 130);
	expect_none();
	assert_int_equal(fake.wire_frames, 4);
	assert_memory_equal(fake.wire, frames[3], 140);
	assert_int_equal(card.counted.sent, 4);
}

static void a_frame_not_taken_with_a_burst_goes_with_the_next(void **state)
{
	(void)state;
	open_it();
	fake.transmit_failures = 2;
	assert_true(send_before_a_poll(0, 100));
	expect_none();
	assert_int_equal(card.counted.send_failed, 1);
	assert_false(card.nic.send(&card.nic, frames[1], 120));         /* the older one first, and it cannot */
	expect_none();
	assert_int_equal(fake.wire_frames, 1);
	assert_memory_equal(fake.wire, frames[0], 100);
	expect_none();
	assert_int_equal(fake.wire_frames, 1);
	assert_true(card.nic.send(&card.nic, frames[1], 120));
	assert_int_equal(card.counted.sent, 2);
	assert_int_equal(card.counted.send_failed, 2);
}

static void what_is_expected_is_looked_for_more_than_once(void **state)
{
	static const uint16_t right[] = { PXE_ISR_PROCESS, PXE_ISR_PROCESS, PXE_ISR_GET_NEXT, PXE_ISR_PROCESS,
	                                  PXE_ISR_GET_NEXT };

	(void)state;
	open_it();
	expect(2);
	assert_true(send_before_a_poll(0, 60));
	says(PXE_ISR_DONE);
	says(PXE_ISR_TRANSMIT);
	says(PXE_ISR_DONE);
	says_frame(1, 300);
	says_frame(2, 301);
	expect_frame(1, 300);
	expect_frame(2, 301);
	assert_int_equal(fake.bursts, 1);
	assert_int_equal(fake.isr_count, COUNT_OF(right));
	assert_memory_equal(fake.isr, right, sizeof right);
}

static void a_frame_that_came_is_worth_more_than_one_that_may(void **state)
{
	(void)state;
	open_it();
	expect(3);
	says_frame(1, 300);
	says(PXE_ISR_DONE);
	says_frame(2, 301);
	expect_frame(1, 300);
	expect_none();
	assert_int_equal(fake.isr_count, 2);
	expect_frame(2, 301);
}

static void nobody_looks_for_ever(void **state)
{
	(void)state;
	open_it();
	expect(3);
	expect_none();
	assert_int_equal(fake.isr_count, PXE_LOOKS_MAX);
	assert_int_equal(card.watchdog.idle, PXE_LOOKS_MAX);
	card.nic.rx_expected = 0;               /* nothing is on its way: one look says so */
	expect_none();
	assert_int_equal(fake.isr_count, PXE_LOOKS_MAX + 1);
	assert_int_equal(card.watchdog.idle, PXE_LOOKS_MAX + 1);
}

static void nobody_looks_past_what_is_due(void **state)
{
	(void)state;
	open_it();
	expect(3);
	fake.look_us = 100;
	card.nic.rx_wait_us = 250;
	expect_none();
	assert_int_equal(fake.isr_count, 3);    /* the last one began before it was due */
	card.nic.rx_wait_us = 200;
	expect_none();
	assert_int_equal(fake.isr_count, 3 + 2);
	card.nic.rx_wait_us = 1000;
	expect_none();
	assert_int_equal(fake.isr_count, 3 + 2 + PXE_LOOKS_MAX);
}

/* Read-ahead is on its way, and the caller's bytes may be here already. */
static void who_does_not_wait_looks_once(void **state)
{
	(void)state;
	open_it();
	expect(3);
	card.nic.rx_wait_us = 0;
	says(PXE_ISR_DONE);
	says_frame(1, 300);
	expect_none();
	assert_int_equal(fake.isr_count, 1);
	expect_frame(1, 300);
}

static void what_is_no_end_is_not_looked_at_again(void **state)
{
	(void)state;
	open_it();
	expect(3);
	says(PXE_ISR_BUSY);
	expect_none();
	assert_int_equal(fake.isr_count, 1);
	fake_says(&fake, (struct fake_answer){ .exit = PXE_EXIT_FAILURE, .function = PXE_ISR_DONE });
	expect_none();
	assert_int_equal(fake.isr_count, 2);
}

/* A stuck ROM is opened anew before the frame is tried again, and the frame is not forgotten. */
static void a_frame_waits_while_the_rom_is_opened_anew(void **state)
{
	(void)state;
	open_it();
	fake.transmit_failures = PXE_WATCHDOG_POLLS;
	assert_true(send_before_a_poll(0, 100));
	for (unsigned i = 0; i < PXE_WATCHDOG_POLLS; i++)
		expect_none();
	assert_int_equal(card.counted.reopened, 0);
	expect_none();
	assert_int_equal(card.counted.reopened, 1);
	assert_int_equal(fake.wire_frames, 1);
	assert_memory_equal(fake.wire, frames[0], 100);
}

/* What is refused for ever is no reason to send nothing else any more. */
static void a_frame_that_is_never_taken_makes_room(void **state)
{
	(void)state;
	open_it();
	fake.transmit_failures = PXE_UNSENT_TRIES;
	assert_true(send_before_a_poll(0, 100));
	for (unsigned i = 0; i < PXE_UNSENT_TRIES; i++)
		expect_none();
	expect_none();
	assert_int_equal(fake.wire_frames, 0);
	assert_true(card.nic.send(&card.nic, frames[1], 120));
	assert_int_equal(fake.wire_frames, 1);
	assert_memory_equal(fake.wire, frames[1], 120);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fresh, NULL)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_frame_before_a_poll_goes_with_it), TEST(frames_leave_in_their_order),
		TEST(a_frame_not_taken_with_a_burst_goes_with_the_next),
		TEST(what_is_expected_is_looked_for_more_than_once),
		TEST(a_frame_that_came_is_worth_more_than_one_that_may), TEST(nobody_looks_for_ever),
		TEST(nobody_looks_past_what_is_due), TEST(who_does_not_wait_looks_once),
		TEST(what_is_no_end_is_not_looked_at_again), TEST(a_frame_waits_while_the_rom_is_opened_anew),
		TEST(a_frame_that_is_never_taken_makes_room),
	};

	return cmocka_run_group_tests_name("undi/pxe bursts", tests, NULL, NULL);
}
