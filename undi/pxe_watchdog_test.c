/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* A ROM that is stuck, seen at the card; and one that is not. */
#include "undi/pxe_bench.h"

/* So many turns in which the ROM has nothing; with a frame to send in each, if there is one. */
static void turns(unsigned count, const uint8_t *frame)
{
	struct rd got;

	for (unsigned i = 0; i < count; i++) {
		if (frame)
			assert_false(card.nic.send(&card.nic, frame, 60));
		assert_false(card.nic.poll(&card.nic, &got));
	}
}

static void a_rom_that_takes_and_gives_nothing_is_opened_anew(void **state)
{
	(void)state;
	open_it();
	turns(2 * PXE_WATCHDOG_POLLS, NULL);    /* nothing to send and nothing to come is no fault */
	fake.transmit_failures = 2 * PXE_WATCHDOG_POLLS;
	turns(PXE_WATCHDOG_POLLS, frames[0]);
	assert_int_equal(card.counted.reopened, 0);
	fake.open_until_closed = true;          /* so that OPEN alone would not do */
	turns(1, frames[0]);
	assert_int_equal(card.counted.reopened, 1);
	assert_true(fake.open);
	fake.transmit_failures = 0;
	assert_true(card.nic.send(&card.nic, frames[0], 60));
	assert_int_equal(fake.wire_frames, 1);
}

/* No link, say; and closed as it is then, it fails whatever is asked. */
static void an_open_that_failed_is_tried_again(void **state)
{
	(void)state;
	open_it();
	fake.isr_needs_open = fake.open_refused = true;
	fake.transmit_failures = 3 * PXE_WATCHDOG_POLLS + 2;
	turns(PXE_WATCHDOG_POLLS + 1, frames[0]);
	assert_false(fake.open);
	fake.open_refused = false;
	turns(2 * PXE_WATCHDOG_POLLS + 1, frames[0]);
	assert_int_equal(card.counted.reopened, 1);
	assert_true(fake.open);
	assert_true(card.nic.send(&card.nic, frames[0], 60));
}

/* A link that is lost by OPEN takes seconds to come back: it must get them. */
static void what_is_opened_in_vain_is_opened_ever_less_often(void **state)
{
	unsigned polls = 0, was = 0, longest = 0;

	(void)state;
	open_it();
	fake.transmit_failures = 10000000;
	for (unsigned i = 0; i < PXE_WATCHDOG_DOUBLINGS + 4; i++, was = polls) {
		for (; card.counted.reopened == i; polls++)
			turns(1, frames[0]);
		assert_true(polls - was >= longest);
		longest = polls - was;
	}
	assert_in_range(longest, PXE_WATCHDOG_POLLS << PXE_WATCHDOG_DOUBLINGS,
	                (PXE_WATCHDOG_POLLS << PXE_WATCHDOG_DOUBLINGS) + 2);
	says_frame(1, 100);
	expect_frame(1, 100);
	turns(PXE_WATCHDOG_POLLS + 2, frames[0]);
	assert_int_equal(card.counted.reopened, PXE_WATCHDOG_DOUBLINGS + 5);
}

/* ... if it ever did. */
static void a_rom_that_tells_no_end_any_more_is_opened_anew(void **state)
{
	(void)state;
	for (unsigned tells = 0; tells < 2; tells++) {
		struct fake_answer told = { .function = PXE_ISR_TRANSMIT };

		open_it();
		if (tells)
			fake_says(&fake, told);
		turns(1, NULL);
		for (unsigned i = 0; i < PXE_WATCHDOG_FRAMES - 1; i++)
			assert_true(card.nic.send(&card.nic, frames[0], 60));
		turns(2 * PXE_WATCHDOG_POLLS, NULL);
		assert_int_equal(card.counted.reopened, 0);
		assert_true(card.nic.send(&card.nic, frames[0], 60));
		turns(PXE_WATCHDOG_POLLS, NULL);
		assert_int_equal(card.counted.reopened, 0);
		turns(1, NULL);
		assert_int_equal(card.counted.reopened, tells);
	}
}

static void a_pcnet_that_only_sends_is_opened_anew(void **state)
{
	struct fake_answer told = { .function = PXE_ISR_TRANSMIT };

	(void)state;
	for (unsigned pcnet = 0; pcnet < 2; pcnet++) {
		fake.type.vendor = 0x1022;
		fake.type.device = pcnet ? 0x2000 : 0x7430;
		open_it();
		for (unsigned i = 0; i < PXE_WATCHDOG_FRAMES; i++) {
			fake_says(&fake, told);
			assert_true(card.nic.send(&card.nic, frames[0], 60));
			turns(1, NULL);
		}
		assert_int_equal(card.watchdog.unfinished, 0);
		turns(PXE_WATCHDOG_POLLS, NULL);
		assert_int_equal(card.counted.reopened, pcnet);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fresh, NULL)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_rom_that_takes_and_gives_nothing_is_opened_anew),
		TEST(what_is_opened_in_vain_is_opened_ever_less_often), TEST(an_open_that_failed_is_tried_again),
		TEST(a_rom_that_tells_no_end_any_more_is_opened_anew), TEST(a_pcnet_that_only_sends_is_opened_anew),
	};

	return cmocka_run_group_tests_name("undi/pxe_watchdog", tests, NULL, NULL);
}
