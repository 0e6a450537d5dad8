/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/test.h"
#include "firmware/efi/clock.h"
#include "firmware/efi/counter.h"
#include "firmware/efi/services.h"

enum { KHZ = 2400000 };

EFI_BOOT_SERVICES *bs;

/* A processor that counts, and a firmware whose Stall takes at least as long as it is asked to. */
static struct {
	uint64_t counts, says_per_ms;
	unsigned stalls;
	bool     is_still;              /* while it stalls */
	usec     more[32];              /* that each Stall takes longer, in turn */
	void   (*event)(void);          /* comes in the middle of each */
} pc;

uint64_t counter_read(void)   { return pc.counts; }
uint64_t counter_per_ms(void) { return pc.says_per_ms; }

static void pass(usec us) { pc.counts += us * (KHZ / 1000); }

static EFI_STATUS EFIAPI stall(UINTN us)
{
	const usec took = us + pc.more[pc.stalls++ % COUNT_OF(pc.more)];

	if (!pc.is_still)
		pass(took);
	if (pc.event)
		pc.event();
	return EFI_SUCCESS;
}

static int fresh(void **state)
{
	static EFI_BOOT_SERVICES services;

	(void)state;
	memset(&pc, 0, sizeof pc);
	services.Stall = stall;
	bs = &services;
	return 0;
}

static void the_shortest_stall_is_the_rate(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(pc.more); i++)
		pc.more[i] = i == 5 ? 0 : 1000 * (i + 1);
	clock_init();
	assert_int_equal(clock_khz(), KHZ);
	assert_int_equal(clock_now(), 0);
	pass(1234567);
	assert_int_equal(clock_now(), 1234567);
}

static void a_rate_that_the_processor_says_is_not_measured(void **state)
{
	(void)state;
	pc.says_per_ms = 62500;
	clock_init();
	assert_int_equal(pc.stalls, 0);
	assert_int_equal(clock_khz(), 62500);
	pc.counts += 62500 * UINT64_C(90061);
	assert_int_equal(clock_now(), 90061 * UINT64_C(1000));
}

static usec seen[32];
static unsigned looks;

static void look(void) { seen[looks++ % COUNT_OF(seen)] = clock_now(); }

/* A timer's event of the driver that runs since before looks at the time while it is measured once more. */
static void whoever_looks_while_it_is_measured_anew_sees_it_go_on(void **state)
{
	usec before;

	(void)state;
	clock_init();
	pass(USEC_PER_S);
	before = clock_now();
	pc.event = look;
	looks = 0;
	clock_init();
	assert_int_equal(looks, COUNT_OF(pc.more));
	for (unsigned i = 0; i < looks; i++) {
		assert_int_equal(seen[i] - before, USEC_PER_MS);
		before = seen[i];
	}
	assert_int_equal(clock_khz(), KHZ);
}

static void nothing_overflows_in_a_century(void **state)
{
	const usec century = 100 * UINT64_C(365) * 86400 * USEC_PER_S;

	(void)state;
	clock_init();
	pass(century);
	assert_int_equal(clock_now(), century);
}

static void a_rate_below_1_mhz_is_taken_for_1_mhz(void **state)
{
	(void)state;
	pc.says_per_ms = 1;
	clock_init();
	assert_int_equal(clock_khz(), 1000);
}

/* An emulator may stand still while it stalls: time is wrong then, but nothing is divided by zero. */
static void a_counter_that_stands_still_while_it_is_measured_does_no_harm(void **state)
{
	(void)state;
	pc.is_still = true;
	clock_init();
	assert_int_equal(clock_khz(), 1000);
	assert_int_equal(clock_now(), 0);
}

int main(void)
{
#define fresh_test(f) cmocka_unit_test_setup(f, fresh)
	const struct CMUnitTest tests[] = {
		fresh_test(the_shortest_stall_is_the_rate),
		fresh_test(a_rate_that_the_processor_says_is_not_measured),
		fresh_test(whoever_looks_while_it_is_measured_anew_sees_it_go_on),
		fresh_test(nothing_overflows_in_a_century),
		fresh_test(a_rate_below_1_mhz_is_taken_for_1_mhz),
		fresh_test(a_counter_that_stands_still_while_it_is_measured_does_no_harm),
	};

	return cmocka_run_group_tests_name("UEFI's clock", tests, NULL, NULL);
}
