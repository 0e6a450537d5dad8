/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* A BIOS's CRC32C against its definition at every length; from the first call on, which makes the tables. */
#include "lib/test.h"
#include "netstack/wire/stream.h"

enum { LEN = 700 };

static uint32_t by_definition(uint32_t crc, const uint8_t *bytes, size_t len)
{
	crc = ~crc;
	for (; len; len--, bytes++) {
		crc ^= *bytes;
		for (unsigned bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78u : 0);
	}
	return ~crc;
}

static void the_first_call_is_right(void **state)
{
	(void)state;
	assert_int_equal(crc32c(0, "123456789", 9), 0xe3069283u);
}

static void every_length_is_as_defined(void **state)
{
	uint32_t seed = 1;

	(void)state;
	for (size_t len = 0; len < LEN; len++) {
		uint8_t *bytes = malloc(len + 1);

		for (size_t i = 0; i < len; i++)
			bytes[i] = (uint8_t)((seed = seed * 1664525 + 1013904223) >> 24);
		bytes = realloc(bytes, len ? len : 1);          /* just these, which the sanitizer watches */
		assert_int_equal(crc32c(0, bytes, len), by_definition(0, bytes, len));
		assert_int_equal(crc32c(seed, bytes, len), by_definition(seed, bytes, len));
		free(bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_call_is_right),
		cmocka_unit_test(every_length_is_as_defined),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
