/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/bios/pnp.h"
#include "lib/test.h"

enum { LENGTH = 33, SUM_AT = 8, AT = 0x50, BYTES = 256 };

static uint8_t bios[BYTES];

static void put(size_t at, uint8_t length)
{
	uint8_t sum = 0;

	memcpy(bios + at, "$PnP\x10", 5);
	bios[at + 5] = length;
	bios[at + SUM_AT] = 0;
	for (size_t i = at; i < at + length && i < BYTES; i++)
		sum = (uint8_t)(sum + bios[i]);
	bios[at + SUM_AT] = (uint8_t)-sum;
}

static int fresh(void **state)
{
	(void)state;
	for (size_t i = 0; i < BYTES; i++)
		bios[i] = (uint8_t)(i * 7);
	return 0;
}

static bool find(uint16_t *at)
{
	uint8_t *bytes = exact_copy(bios, BYTES);
	bool found = pnp_find(rd_over(bytes, BYTES), at);

	free(bytes);
	return found;
}

static void it_is_found_on_a_multiple_of_16(void **state)
{
	uint16_t at;

	(void)state;
	assert_false(find(&at));
	put(AT + 8, LENGTH);
	assert_false(find(&at));
	put(AT, LENGTH);
	assert_true(find(&at));
	assert_int_equal(at, AT);
}

static void what_only_looks_like_one_hides_none(void **state)
{
	uint16_t at;

	(void)state;
	put(0, LENGTH);
	bios[LENGTH - 1]++;
	put(AT, LENGTH + 9);
	assert_true(find(&at));
	assert_int_equal(at, AT);
}

static void it_says_how_long_it_is(void **state)
{
	uint16_t at;

	(void)state;
	put(AT, LENGTH - 1);
	assert_false(find(&at));
	put(AT, 0);
	bios[AT + SUM_AT] = 0;
	assert_false(find(&at));
	put(BYTES - 48, 48);
	assert_true(find(&at));
	assert_int_equal(at, BYTES - 48);
	put(BYTES - 48, 49);
	assert_false(find(&at));
}

/* The segment's last 16 bytes are looked at, too, and nothing behind them. */
static void a_whole_segment_is_searched_to_its_end(void **state)
{
	uint8_t *bytes = calloc(1, PNP_BYTES);
	uint16_t at;

	(void)state;
	assert_non_null(bytes);
	put(0, 48);
	memcpy(bytes + PNP_BYTES - 48, bios, 48);
	assert_true(pnp_find(rd_over(bytes, PNP_BYTES), &at));
	assert_int_equal(at, PNP_BYTES - 48);
	bytes[PNP_BYTES - 1]++;
	memcpy(bytes + PNP_BYTES - 16, "$PnP\x10\xff", 6);
	assert_false(pnp_find(rd_over(bytes, PNP_BYTES), &at));
	free(bytes);
}

static void every_prefix_has_none(void **state)
{
	(void)state;
	put(AT, LENGTH);
	for (size_t len = 0; len < AT + LENGTH; len++) {
		uint8_t *bytes = exact_copy(bios, len);
		uint16_t at;

		assert_false(pnp_find(rd_over(bytes, len), &at));
		free(bytes);
	}
}

static void every_flipped_bit_is_noticed(void **state)
{
	(void)state;
	put(AT, LENGTH);
	for (size_t bit = 8 * AT; bit < 8 * (AT + LENGTH); bit++) {
		uint16_t at;

		bios[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_false(find(&at));
		bios[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(it_is_found_on_a_multiple_of_16, fresh),
		cmocka_unit_test_setup(what_only_looks_like_one_hides_none, fresh),
		cmocka_unit_test_setup(it_says_how_long_it_is, fresh),
		cmocka_unit_test_setup(a_whole_segment_is_searched_to_its_end, fresh),
		cmocka_unit_test_setup(every_prefix_has_none, fresh),
		cmocka_unit_test_setup(every_flipped_bit_is_noticed, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
