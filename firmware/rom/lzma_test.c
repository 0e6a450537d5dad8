/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/rom/lzma.h"
#include "lib/test.h"

/* Made by Python's lzma, FORMAT_RAW with FILTER_LZMA1, lc=3, lp=0, pb=0. */
static const uint8_t nothing[] = { 0x00, 0x83, 0xff, 0xfb, 0xff, 0xff, 0xc0, 0x00, 0x00, 0x00 };
static const uint8_t five_times[] = {
	0x00, 0x29, 0x1b, 0x1c, 0xe2, 0x76, 0x25, 0xcd, 0x28, 0xb4, 0x29, 0xff, 0xff, 0xf8, 0x49, 0x60, 0x00,
};
static const char text[] = "Rill Rill Rill Rill Rill ";

enum { TEXT_BYTES = sizeof text - 1 };

/* From heap blocks of the exact sizes, so that one byte too far is seen. */
static bool unpacks(const uint8_t *stream, size_t len, size_t bytes, uint8_t *to)
{
	uint8_t  *in = exact_copy(stream, len), *out = malloc(bytes ? bytes : 1);
	uint16_t *odds = malloc(LZMA_ODDS * sizeof *odds);
	bool good = lzma_unpack(rd_over(in, len), odds, out, bytes);

	if (to && good)
		memcpy(to, out, bytes);
	free(in);
	free(out);
	free(odds);
	return good;
}

static void a_stream_gives_its_text(void **state)
{
	uint8_t out[TEXT_BYTES];

	(void)state;
	assert_true(unpacks(five_times, sizeof five_times, TEXT_BYTES, out));
	assert_memory_equal(out, text, TEXT_BYTES);
	assert_true(unpacks(nothing, sizeof nothing, 0, NULL));
}

static void no_other_length_is_taken(void **state)
{
	(void)state;
	for (size_t bytes = 0; bytes < 2 * TEXT_BYTES; bytes++)
		assert_int_equal(unpacks(five_times, sizeof five_times, bytes, NULL), bytes == TEXT_BYTES);
	assert_false(unpacks(nothing, sizeof nothing, 1, NULL));
}

static void a_prefix_and_what_is_longer_are_refused(void **state)
{
	uint8_t longer[sizeof five_times + 1] = { 0 };

	(void)state;
	for (size_t len = 0; len < sizeof five_times; len++)
		assert_false(unpacks(five_times, len, TEXT_BYTES, NULL));
	memcpy(longer, five_times, sizeof five_times);
	assert_false(unpacks(longer, sizeof longer, TEXT_BYTES, NULL));
}

/* Whether its text is still right, payload.h's checksum says; here only that nothing is read or written outside. */
static void every_flipped_bit_is_survived(void **state)
{
	uint8_t flipped[sizeof five_times], out[TEXT_BYTES];

	(void)state;
	for (unsigned bit = 0; bit < 8 * sizeof flipped; bit++) {
		memcpy(flipped, five_times, sizeof flipped);
		flipped[bit / 8] ^= (uint8_t)(1u << bit % 8);
		if (unpacks(flipped, sizeof flipped, TEXT_BYTES, out))
			assert_true(memcmp(out, text, TEXT_BYTES) != 0);
	}
	flipped[0] = 1;
	memcpy(flipped + 1, five_times + 1, sizeof flipped - 1);
	assert_false(unpacks(flipped, sizeof flipped, TEXT_BYTES, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stream_gives_its_text),
		cmocka_unit_test(no_other_length_is_taken),
		cmocka_unit_test(a_prefix_and_what_is_longer_are_refused),
		cmocka_unit_test(every_flipped_bit_is_survived),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
