/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/random.h"
#include "lib/test.h"

static void the_published_sequence(void **state)
{
	struct random r = random_from(1234567);

	(void)state;
	assert_true(random_next(&r) == 6457827717110365317u);
	assert_true(random_next(&r) == 3203168211198807973u);
	assert_true(random_next(&r) == 9817491932198370423u);
}

static void stays_in_its_bounds_and_reaches_them(void **state)
{
	struct random r = random_from(1);
	unsigned seen[5] = { 0 };

	(void)state;
	for (int i = 0; i < 1000; i++) {
		usec wait = random_around(&r, 100, 2);

		assert_in_range(wait, 98, 102);
		seen[wait - 98]++;
	}
	for (size_t i = 0; i < COUNT_OF(seen); i++)
		assert_in_range(seen[i], 150, 250);
	assert_int_equal(random_below(&r, 0), 0);
	assert_int_equal(random_below(&r, 1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_published_sequence),
		cmocka_unit_test(stays_in_its_bounds_and_reaches_them),
	};

	return cmocka_run_group_tests_name("random", tests, NULL, NULL);
}
