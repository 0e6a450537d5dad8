/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/fmt.h"
#include "lib/test.h"

#define assert_fmt(expected, ...) do { char text[80]; \
	assert_int_equal(fmt_text(text, sizeof text, __VA_ARGS__), strlen(expected)); \
	assert_string_equal(text, expected); } while (0)

static void formats_what_printf_formats(void **state)
{
	(void)state;
	assert_fmt("plain", "plain");
	assert_fmt("-7 7 0 ff", "%d %u %i %x", -7, 7u, 0, 255u);
	assert_fmt("00a5|  42|text|  r", "%04x|%4u|%s|%3s", 0xa5u, 42u, "text", "r");
	assert_fmt("18446744073709551615", "%llu", (unsigned long long)UINT64_MAX);
	assert_fmt("-9223372036854775808", "%lld", (long long)INT64_MIN);
	assert_fmt("123456789012 x", "%llu %c", 123456789012ull, 'x');
	assert_fmt("4096", "%zu", (size_t)4096);
}

static void never_writes_past_its_room(void **state)
{
	char text[6] = "\1\1\1\1\1";

	(void)state;
	assert_int_equal(fmt_text(text, 4, "%s", "abcdef"), 6);
	assert_string_equal(text, "abc");
	assert_int_equal(text[4], 1);
	assert_int_equal(fmt_text(text, 0, "abc"), 3);
	assert_int_equal(text[0], 'a');
}

static void addresses_as_people_write_them(void **state)
{
	static const uint8_t mac[6] = { 0x52, 0x54, 0, 0x12, 0x34, 0xff };
	static const uint8_t uuid[16] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };

	(void)state;
	assert_string_equal(ip_text(0xc0a80102).s, "192.168.1.2");
	assert_string_equal(ip_text(UINT32_MAX).s, "255.255.255.255");
	assert_string_equal(mac_text(mac).s, "52:54:00:12:34:ff");
	assert_string_equal(uuid_text(uuid).s, "01020304-0506-0708-090a-0b0c0d0e0f10");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formats_what_printf_formats),
		cmocka_unit_test(never_writes_past_its_room),
		cmocka_unit_test(addresses_as_people_write_them),
	};

	return cmocka_run_group_tests_name("fmt", tests, NULL, NULL);
}
