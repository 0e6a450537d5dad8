/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What UNDI_ISR can answer, sound and not; the names are those of docs/pxe-notes.md. */
#include "undi/pxe_bench.h"

static void says_piece(unsigned which, uint16_t from, uint16_t len, uint16_t total)
{
	fake_says(&fake, (struct fake_answer){ .function = PXE_ISR_RECEIVE, .buffer_bytes = len, .frame_bytes = total,
	                                       .bytes = frames[which] + from });
}

static void frames_come_until_done(void **state)
{
	(void)state;
	open_it();
	says_frame(0, 60);
	says_frame(1, 1514);
	says(PXE_ISR_DONE);
	expect_frame(0, 60);
	expect_frame(1, 1514);
	expect_none();
	assert_int_equal(card.counted.frames, 2);
}

static void never_start_always_process_then_get_next(void **state)
{
	static const uint16_t right[] = { 2, 3, 3 };

	(void)state;
	open_it();
	says_frame(0, 60);
	says_frame(1, 60);
	says(PXE_ISR_DONE);
	expect_frame(0, 60);
	expect_frame(1, 60);
	expect_none();
	assert_int_equal(fake.isr_count, COUNT_OF(right));
	assert_memory_equal(fake.isr, right, sizeof right);
}

static void a_full_burst_goes_on_with_get_next(void **state)
{
	(void)state;
	open_it();
	for (unsigned i = 0; i < PXE_RECORDS + 1; i++)
		says_frame(i & 3, 100);
	for (unsigned i = 0; i < PXE_RECORDS + 1; i++)
		expect_frame(i & 3, 100);
	expect_none();
	assert_int_equal(fake.isr[PXE_RECORDS], PXE_ISR_GET_NEXT);
}

/* So whoever polls until nothing comes can ask for more before the next burst, and pays no call to hear the end. */
static void a_turn_is_one_burst(void **state)
{
	(void)state;
	open_it();
	for (unsigned i = 0; i < PXE_RECORDS + 1; i++)
		says_frame(i & 3, 100);
	for (unsigned i = 0; i < PXE_RECORDS; i++)
		expect_frame(i & 3, 100);
	expect_none();
	assert_int_equal(fake.bursts, 1);
	expect_frame(0, 100);
	expect_none();
	assert_int_equal(fake.bursts, 2);
	expect_none();
	assert_int_equal(fake.bursts, 3);
}

static void no_call_looks_for_more_than_is_expected(void **state)
{
	(void)state;
	open_it();
	card.nic.rx_expected = 3;
	assert_true(card.nic.send(&card.nic, frames[0], 60));
	says(PXE_ISR_TRANSMIT);         /* the end of what was sent is told first, and counts, too */
	for (unsigned i = 0; i < 4; i++)
		says_frame(i, 100);
	for (unsigned i = 0; i < 3; i++)
		expect_frame(i, 100);
	expect_none();
	assert_int_equal(fake.isr_count, 4);
	expect_frame(3, 100);           /* somebody else's: the next turn finds it */
}

/* Intel's never do: their frames sent are not waited for as if they were frames to come. */
static void where_no_end_is_told_all_is_asked_for(void **state)
{
	(void)state;
	open_it();
	for (unsigned i = 0; i < PXE_RECORDS; i++)
		assert_true(card.nic.send(&card.nic, frames[0], 60));
	card.nic.rx_expected = 1;
	for (unsigned i = 0; i < 5; i++)
		says_frame(i & 3, 100);
	for (unsigned i = 0; i < 5; i++)
		expect_frame(i & 3, 100);
	assert_int_equal(fake.bursts, 1);
}

/* The base code's last frame, say: it sent it, we hear of it. */
static void an_end_of_what_others_sent_costs_no_frame(void **state)
{
	(void)state;
	open_it();
	says(PXE_ISR_TRANSMIT);
	expect_none();
	card.nic.rx_expected = 1;
	says_frame(1, 100);
	expect_frame(1, 100);
}

static void a_flood_ends_the_turn(void **state)
{
	(void)state;
	open_it();
	says(PXE_ISR_TRANSMIT);
	fake.repeats = true;
	expect_none();
	assert_int_equal(fake.bursts, 1);
	assert_int_equal(fake.isr_count, PXE_RECORDS);
}

static void frame_length_zero(void **state)
{
	(void)state;
	open_it();
	says_piece(0, 0, 0, 0);
	says_piece(0, 0, 60, 0);
	says_frame(1, 64);
	expect_frame(1, 64);
	assert_int_equal(card.counted.empty_frame, 2);
}

static void fragments_make_a_frame(void **state)
{
	(void)state;
	open_it();
	says_piece(2, 0, 500, 1400);
	says_piece(2, 500, 500, 1400);
	says_piece(2, 1000, 400, 1400);
	says_frame(1, 64);
	expect_frame(2, 1400);
	expect_frame(1, 64);
	assert_int_equal(card.counted.fragment_lost, 0);
}

static void fragments_over_two_bursts(void **state)
{
	(void)state;
	open_it();
	for (unsigned i = 0; i < PXE_RECORDS - 1; i++)
		says_frame(0, 60);
	says_piece(2, 0, 700, 900);
	says_piece(2, 700, 200, 900);
	for (unsigned i = 0; i < PXE_RECORDS - 1; i++)
		expect_frame(0, 60);
	expect_frame(2, 900);
}

static void fragment_longer_than_its_frame(void **state)
{
	(void)state;
	open_it();
	says_piece(0, 0, 200, 100);
	says_piece(0, 0, 80, 100);
	says_piece(0, 80, 90, 100);
	says_frame(1, 64);
	expect_frame(1, 64);
	assert_int_equal(card.counted.fragment_too_long, 2);
}

static void a_frame_that_stops_half_way(void **state)
{
	(void)state;
	open_it();
	says_piece(0, 0, 80, 100);
	says(PXE_ISR_DONE);
	says_piece(1, 0, 80, 100);
	says_piece(2, 0, 300, 400);
	says_piece(2, 300, 100, 400);
	expect_none();
	expect_frame(2, 400);
	assert_int_equal(card.counted.fragment_lost, 2);
}

static void lengths_no_ethernet_has(void **state)
{
	(void)state;
	open_it();
	says_piece(0, 0, 1000, 0xffff);
	says_piece(0, 0, 0xffff, 0xffff);
	says_frame(0, FRAME_HEAD - 1);
	says_frame(1, FRAME_HEAD);
	expect_frame(1, FRAME_HEAD);
	assert_int_equal(card.counted.frame_too_long, 2);
	assert_int_equal(card.counted.frame_too_short, 1);
}

static void unknown_answers_are_the_end_of_the_turn(void **state)
{
	(void)state;
	open_it();
	says(0x4711);
	says(PXE_ISR_BUSY);
	says(1);
	says_frame(3, 70);
	expect_none();
	expect_none();
	expect_none();
	expect_frame(3, 70);
	assert_int_equal(card.counted.unknown_answer, 2);
	assert_int_equal(card.counted.busy, 1);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(fake.isr[i], PXE_ISR_PROCESS);
}

static void a_call_that_fails_loses_nothing_else(void **state)
{
	(void)state;
	open_it();
	card.counted.call_failed = 0;
	says_frame(0, 60);
	fake_says(&fake, (struct fake_answer){ .exit = PXE_EXIT_FAILURE, .function = PXE_ISR_RECEIVE,
	                                       .buffer_bytes = 60, .frame_bytes = 60, .bytes = frames[1] });
	says_frame(2, 60);
	expect_frame(0, 60);
	expect_frame(2, 60);
	assert_int_equal(card.counted.call_failed, 1);
	assert_int_equal(fake.isr[2], PXE_ISR_PROCESS);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fresh, NULL)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(frames_come_until_done), TEST(never_start_always_process_then_get_next),
		TEST(a_full_burst_goes_on_with_get_next), TEST(a_turn_is_one_burst),
		TEST(no_call_looks_for_more_than_is_expected), TEST(where_no_end_is_told_all_is_asked_for),
		TEST(an_end_of_what_others_sent_costs_no_frame),
		TEST(a_flood_ends_the_turn),
		TEST(frame_length_zero), TEST(fragments_make_a_frame), TEST(fragments_over_two_bursts),
		TEST(fragment_longer_than_its_frame), TEST(a_frame_that_stops_half_way),
		TEST(lengths_no_ethernet_has), TEST(unknown_answers_are_the_end_of_the_turn),
		TEST(a_call_that_fails_loses_nothing_else),
	};

	return cmocka_run_group_tests_name("undi/pxe receiving", tests, NULL, NULL);
}
