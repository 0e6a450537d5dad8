/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The core's CRC32C against its definition, bit by bit: tables, words and what is left over agree at every length. */
#include "lib/test.h"
#include "netstack/wire/stream.h"

#define POLYNOMIAL 0x82f63b78u          /* RFC 3720 B.4, the lowest power at the top */

static uint32_t by_definition(uint32_t crc, const uint8_t *bytes, size_t len)
{
	crc = ~crc;
	for (; len; len--, bytes++) {
		crc ^= *bytes;
		for (unsigned bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? POLYNOMIAL : 0);
	}
	return ~crc;
}

static uint8_t *random_bytes(size_t len)
{
	static uint32_t seed = 1;
	uint8_t *bytes = calloc(1, len ? len : 1);

	for (size_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)((seed = seed * 1664525 + 1013904223) >> 24);
	return bytes;
}

/* Blocks of words, what is behind them, and nothing beyond: an exact block, which the sanitizer watches. */
static void every_length_is_as_defined(void **state)
{
	(void)state;
	for (size_t len = 0; len < 1600; len += len < 400 ? 1 : 17) {
		uint8_t *bytes = random_bytes(len);

		assert_int_equal(crc32c(0, bytes, len), by_definition(0, bytes, len));
		assert_int_equal(crc32c(0x12345678u * (uint32_t)len, bytes, len),
		                 by_definition(0x12345678u * (uint32_t)len, bytes, len));
		free(bytes);
	}
}

static void an_odd_address_is_as_good(void **state)
{
	enum { LEN = 333 };

	(void)state;
	for (size_t at = 0; at < 16; at++) {
		uint8_t *bytes = random_bytes(at + LEN);

		assert_int_equal(crc32c(7, bytes + at, LEN), by_definition(7, bytes + at, LEN));
		free(bytes);
	}
}

/* Each bit of a text by itself, so that none falls where it should not; a CRC is the sum of its bits'. */
static void every_bit_counts(void **state)
{
	uint8_t bytes[160] = { 0 };

	(void)state;
	for (size_t bit = 0; bit < sizeof bytes * 8; bit++) {
		bytes[bit / 8] = (uint8_t)(1u << bit % 8);
		assert_int_equal(crc32c(0, bytes, sizeof bytes), by_definition(0, bytes, sizeof bytes));
		bytes[bit / 8] = 0;
	}
}

static void a_crc_goes_on_where_it_stopped(void **state)
{
	enum { LEN = 260 };
	uint8_t *bytes = random_bytes(LEN);

	(void)state;
	for (size_t cut = 0; cut <= LEN; cut++)
		assert_int_equal(crc32c(crc32c(0, bytes, cut), bytes + cut, LEN - cut), by_definition(0, bytes, LEN));
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_length_is_as_defined),
		cmocka_unit_test(an_odd_address_is_as_good),
		cmocka_unit_test(every_bit_counts),
		cmocka_unit_test(a_crc_goes_on_where_it_stopped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
