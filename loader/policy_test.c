/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/test.h"
#include "loader/limits.h"
#include "loader/policy.h"

static const usec S = USEC_PER_S;

static void by_default_it_is_tried_again_for_ever_and_more_and_more_seldom(void **state)
{
	static const unsigned waits_s[] = { 5, 10, 20, 40, 60, 60 };
	struct random random = random_from(1);
	struct policy p;
	usec wait;

	(void)state;
	policy_init(&p, CONFIG_RETRY, 0);
	for (unsigned n = 0; n < 1000; n++) {
		struct policy_answer a = policy_failed(&p, &random);
		usec least = waits_s[n < COUNT_OF(waits_s) ? n : COUNT_OF(waits_s) - 1] * S;

		assert_int_equal(a.move, POLICY_AGAIN);
		assert_in_range(a.wait, least, least + least / 4);
	}
	policy_went_well(&p);
	wait = policy_failed(&p, &random).wait;
	assert_in_range(wait, 5 * S, 5 * S + 5 * S / 4);
}

static void machines_that_failed_together_do_not_come_back_together(void **state)
{
	usec least = NEVER, most = 0;

	(void)state;
	for (uint64_t seed = 0; seed < 100; seed++) {
		struct random random = random_from(seed);
		struct policy p;
		usec wait;

		policy_init(&p, seed & 1 ? CONFIG_REBOOT : CONFIG_RETRY, 2);
		wait = policy_failed(&p, &random).wait;
		least = min_u64(least, wait);
		most  = max_u64(most, wait);
	}
	assert_true(most - least > S);
}

static void a_reboot_and_the_next_device_come_after_so_many_failures(void **state)
{
	static const struct { enum config_policy what; enum policy_move move; usec wait; } cases[] = {
		{ CONFIG_REBOOT, POLICY_REBOOT, REBOOT_WAIT },
		{ CONFIG_NEXT_DEVICE, POLICY_NEXT_DEVICE, NEXT_DEVICE_WAIT },
	};
	struct random random = random_from(3);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		for (unsigned tries = 0; tries <= 255; tries++) {
			struct policy_answer a;
			struct policy p;

			policy_init(&p, cases[i].what, tries);
			for (unsigned n = 1; n < tries; n++) {
				assert_int_equal(policy_failed(&p, &random).move, POLICY_AGAIN);
				policy_went_well(&p);   /* that far it may come each time: it counts all the same */
			}
			a = policy_failed(&p, &random);
			assert_int_equal(a.move, cases[i].move);
			assert_in_range(a.wait, cases[i].wait, cases[i].wait + cases[i].wait / 4);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_default_it_is_tried_again_for_ever_and_more_and_more_seldom),
		cmocka_unit_test(machines_that_failed_together_do_not_come_back_together),
		cmocka_unit_test(a_reboot_and_the_next_device_come_after_so_many_failures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
