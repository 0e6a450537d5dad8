/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* A retry against a clock we move by hand: every send and the verdict, to the microsecond. */
#include "lib/retry.h"
#include "lib/test.h"

static const struct retry_policy policy = { .first_wait = 100, .max_wait = 300, .sends_max = 4 };

static void sends_doubles_its_waits_and_gives_up(void **state)
{
	struct retry r;

	(void)state;
	retry_start(&r, &policy, 1000);
	assert_int_equal(retry_poll(&r, &policy, 999), RETRY_WAIT);
	assert_int_equal(retry_poll(&r, &policy, 1000), RETRY_SEND);
	assert_int_equal(retry_poll(&r, &policy, 1099), RETRY_WAIT);
	assert_int_equal(retry_poll(&r, &policy, 1100), RETRY_SEND);    /* +100 */
	assert_int_equal(retry_poll(&r, &policy, 1299), RETRY_WAIT);
	assert_int_equal(retry_poll(&r, &policy, 1300), RETRY_SEND);    /* +200 */
	assert_int_equal(retry_poll(&r, &policy, 1599), RETRY_WAIT);
	assert_int_equal(retry_poll(&r, &policy, 1600), RETRY_SEND);    /* +300, the cap */
	assert_int_equal(retry_poll(&r, &policy, 1899), RETRY_WAIT);
	assert_int_equal(retry_poll(&r, &policy, 1900), RETRY_GIVE_UP);
	assert_int_equal(retry_poll(&r, &policy, 9999), RETRY_GIVE_UP);
}

static void a_late_poll_waits_from_now_on(void **state)
{
	struct retry r;

	(void)state;
	retry_start(&r, &policy, 0);
	assert_int_equal(retry_poll(&r, &policy, 5000), RETRY_SEND);
	assert_int_equal(r.due, 5100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sends_doubles_its_waits_and_gives_up),
		cmocka_unit_test(a_late_poll_waits_from_now_on),
	};

	return cmocka_run_group_tests_name("retry", tests, NULL, NULL);
}
