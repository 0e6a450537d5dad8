/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/scan.h"
#include "lib/test.h"

static void reads_addresses_and_nothing_else(void **state)
{
	static const char *const wrong[] = {
		"", ".", "1", "1.2.3", "1.2.3.", "1.2.3.4.", "1.2.3.4x", " 1.2.3.4", "1.2.3.256",
		"1..2.3", "1.2.3.0004", "a.b.c.d",
	};
	uint32_t ip = 7;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(wrong); i++)
		assert_false(scan_ip(wrong[i], &ip));
	assert_int_equal(ip, 7);
	assert_true(scan_ip("192.168.001.2", &ip));
	assert_int_equal(ip, 0xc0a80102);
	assert_true(scan_ip("255.255.255.255", &ip));
	assert_int_equal(ip, UINT32_MAX);
	assert_true(scan_ip("0.0.0.0", &ip));
	assert_int_equal(ip, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(reads_addresses_and_nothing_else) };

	return cmocka_run_group_tests_name("scan", tests, NULL, NULL);
}
