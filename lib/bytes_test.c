/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The cursors: whatever does not fit is nothing, for good; what fits comes back as it was written. */
#include "lib/test.h"

static void values_come_back_as_written(void **state)
{
	uint8_t room[32];
	struct wr w = wr_over(room, sizeof room);
	struct rd r, inner;
	uint8_t three[3];

	(void)state;
	wr_u8(&w, 0x12);
	wr_be16(&w, 0x3456);
	wr_be32(&w, 0x789abcde);
	wr_be64(&w, 0x0123456789abcdefu);
	wr_bytes(&w, "abc", 3);
	wr_rest(&w, rd_over("de", 2));
	assert_true(wr_ok(&w));
	assert_int_equal(wr_used(&w, room), 20);
	assert_int_equal(room[1], 0x34);                /* most significant byte first */

	r = rd_over(room, 20);
	assert_int_equal(rd_u8(&r), 0x12);
	assert_int_equal(rd_be16(&r), 0x3456);
	assert_int_equal(rd_be32(&r), 0x789abcde);
	assert_true(rd_be64(&r) == 0x0123456789abcdefu);
	rd_bytes(&r, three, 3);
	assert_memory_equal(three, "abc", 3);
	inner = rd_sub(&r, 1);
	assert_true(rd_is(&inner, "d", 1));
	assert_true(rd_done(&inner));
	assert_false(rd_done(&r));
	rd_skip(&r, 1);
	assert_true(rd_done(&r));
}

static void a_read_is_all_or_nothing(void **state)
{
	uint8_t *bytes = exact_copy("\xff\xff\xff", 3);
	uint8_t four[4] = { 1, 1, 1, 1 };
	struct rd r, inner;

	(void)state;
	r = rd_over(bytes, 3);
	assert_int_equal(rd_be32(&r), 0);               /* not three quarters of a value */
	assert_false(rd_ok(&r));
	assert_false(rd_done(&r));              /* empty, but not because all was read */
	assert_int_equal(rd_left(&r), 0);               /* a loop over what is left ends */
	assert_int_equal(rd_u8(&r), 0);                 /* bad for good */
	r = rd_over(bytes, 3);
	rd_bytes(&r, four, 4);
	assert_memory_equal(four, "\0\0\0\0", 4);
	r = rd_over(bytes, 3);
	assert_true(rd_be64(&r) == 0);
	assert_false(rd_ok(&r));
	r = rd_over(bytes, 3);
	assert_false(rd_is(&r, "\xff\xff\xff\xff", 4));
	r = rd_over(bytes, 3);
	rd_skip(&r, (size_t)-1);
	assert_false(rd_ok(&r));
	r = rd_over(bytes, 3);
	inner = rd_sub(&r, 4);
	assert_false(rd_ok(&inner));
	assert_int_equal(rd_left(&inner), 0);
	free(bytes);
}

static void a_sub_reader_cannot_see_its_neighbours(void **state)
{
	struct rd r = rd_over("abcd", 4), inner = rd_sub(&r, 2);

	(void)state;
	assert_int_equal(rd_be32(&inner), 0);
	assert_false(rd_ok(&inner));
	assert_true(rd_ok(&r));
	assert_true(rd_is(&r, "cd", 2));
}

/* As if each number were read alone and its carry added; what does not fit is nothing. */
static void a_sum_is_that_of_its_numbers(void **state)
{
	enum { LEN = 64 };
	uint8_t *bytes = exact_copy("", 0);

	(void)state;
	for (size_t len = 0; len <= LEN; len += 4) {
		uint32_t sum = 0;
		struct rd r, each;

		free(bytes);
		bytes = calloc(1, len ? len : 1);
		for (size_t i = 0; i < len; i++)
			bytes[i] = (uint8_t)(i % 4 ? i * 37 : 0xff - i);
		each = r = rd_over(bytes, len);
		while (rd_left(&each)) {
			sum += rd_be16(&each);
			sum = (sum & 0xffff) + (sum >> 16);
		}
		assert_int_equal(rd_sum_ones(&r, len), sum);
		assert_true(rd_done(&r));
		r = rd_over(bytes, len);
		assert_int_equal(rd_sum_ones(&r, len + 4), 0);
		assert_false(rd_ok(&r));
	}
	free(bytes);
}

/* All ones: a carry out of every addition, and 0 only where there is nothing but zeros. */
static void a_sum_of_ones_is_not_zero(void **state)
{
	uint8_t *ones = exact_copy("", 0);

	(void)state;
	for (size_t len = 4; len <= 256; len += 4) {
		struct rd r;

		free(ones);
		ones = malloc(len);
		memset(ones, 0xff, len);
		r = rd_over(ones, len);
		assert_int_equal(rd_sum_ones(&r, len), 0xffff);
		memset(ones, 0, len);
		r = rd_over(ones, len);
		assert_int_equal(rd_sum_ones(&r, len), 0);
	}
	free(ones);
}

static void a_write_is_all_or_nothing(void **state)
{
	uint8_t *room = exact_copy("\x11\x11\x11", 3);
	struct wr w;

	(void)state;
	w = wr_over(room, 3);
	wr_bytes(&w, "abcd", 4);
	assert_false(wr_ok(&w));
	assert_memory_equal(room, "\x11\x11\x11", 3);
	wr_u8(&w, 7);                                   /* bad for good */
	assert_memory_equal(room, "\x11\x11\x11", 3);
	w = wr_over(room, 3);
	wr_rest(&w, rd_over("abcd", 4));
	assert_false(wr_ok(&w));
	w = wr_over(room, 3);
	wr_be16(&w, 0x4142);
	wr_be16(&w, 0x4344);
	assert_false(wr_ok(&w));
	assert_memory_equal(room, "AB\x11", 3);
	free(room);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_come_back_as_written),
		cmocka_unit_test(a_read_is_all_or_nothing),
		cmocka_unit_test(a_sub_reader_cannot_see_its_neighbours),
		cmocka_unit_test(a_sum_is_that_of_its_numbers), cmocka_unit_test(a_sum_of_ones_is_not_zero),
		cmocka_unit_test(a_write_is_all_or_nothing),
	};

	return cmocka_run_group_tests_name("bytes", tests, NULL, NULL);
}
