/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/test.h"
#include "netstack/tftp_blocks.h"

enum { BLOCK = 8, ROOM = 40 };

static struct tftp_blocks b;
static uint8_t *room;

static int setup(void **state)
{
	(void)state;
	room = malloc(ROOM);
	tftp_blocks_init(&b, room, ROOM, BLOCK);
	return 0;
}

static enum tftp_taken take(uint16_t number, const char *text)
{
	uint8_t *copy = exact_copy(text, strlen(text));
	enum tftp_taken taken = tftp_blocks_take(&b, number, rd_over(copy, strlen(text)));

	free(copy);
	return taken;
}

static void blocks_of_any_order_make_the_file(void **state)
{
	(void)state;
	assert_int_equal(take(3, "end"), TFTP_TAKEN_NEW);
	assert_int_equal(tftp_blocks_before_hole(&b), 0);
	assert_int_equal(take(1, "01234567"), TFTP_TAKEN_NEW);
	assert_int_equal(tftp_blocks_before_hole(&b), 1);
	assert_int_equal(take(1, "01234567"), TFTP_TAKEN_AGAIN);
	assert_int_equal(take(3, "end"), TFTP_TAKEN_AGAIN);
	assert_int_equal(take(1, "????????"), TFTP_TAKEN_OTHER);
	assert_int_equal(take(3, "???"), TFTP_TAKEN_OTHER);
	assert_false(tftp_blocks_are_whole(&b));
	assert_int_equal(take(2, "89abcdef"), TFTP_TAKEN_NEW);
	assert_true(tftp_blocks_are_whole(&b));
	assert_int_equal(b.bytes, 19);
	assert_memory_equal(room, "0123456789abcdefend", 19);
}

static void what_is_not_of_this_file_is_left_out(void **state)
{
	(void)state;
	assert_int_equal(take(0, "01234567"), TFTP_TAKEN_WRONG);
	assert_int_equal(take(1, "012345678"), TFTP_TAKEN_WRONG);
	assert_int_equal(take(3, "01234567"), TFTP_TAKEN_NEW);
	assert_int_equal(take(2, "end"), TFTP_TAKEN_WRONG);
	assert_int_equal(take(4, "end"), TFTP_TAKEN_NEW);
	assert_int_equal(take(5, "01234567"), TFTP_TAKEN_WRONG);
	assert_int_equal(take(5, "end"), TFTP_TAKEN_WRONG);
	assert_int_equal(take(2, "end"), TFTP_TAKEN_WRONG);
	assert_int_equal(b.bytes, 11);
}

static void nothing_is_written_beyond_the_room(void **state)
{
	(void)state;
	assert_int_equal(take(6, "x"), TFTP_TAKEN_TOO_BIG);
	assert_int_equal(take(7, ""), TFTP_TAKEN_TOO_BIG);
	assert_int_equal(take(TFTP_BLOCKS_MAX, "01234567"), TFTP_TAKEN_TOO_BIG);
	assert_int_equal(take(5, "01234567"), TFTP_TAKEN_NEW);
	assert_int_equal(take(6, ""), TFTP_TAKEN_NEW);
	assert_int_equal(b.bytes, BLOCK);
}

/* The room ends with the last block: what is longer than that has nothing there to be compared with. */
static void a_block_that_comes_again_with_another_length_is_another_files(void **state)
{
	(void)state;
	assert_int_equal(take(4, "01234567"), TFTP_TAKEN_NEW);
	assert_int_equal(take(4, "01234"), TFTP_TAKEN_OTHER);
	room = realloc(room, 4 * BLOCK + 3);
	tftp_blocks_init(&b, room, 4 * BLOCK + 3, BLOCK);
	assert_int_equal(take(5, "end"), TFTP_TAKEN_NEW);
	assert_int_equal(take(5, "end of a"), TFTP_TAKEN_OTHER);
	assert_int_equal(take(5, "end o"), TFTP_TAKEN_OTHER);
	assert_int_equal(take(5, "en"), TFTP_TAKEN_OTHER);
	assert_int_equal(take(5, "end"), TFTP_TAKEN_AGAIN);
}

static void the_last_number_is_the_last_block(void **state)
{
	uint8_t *much = malloc(TFTP_BLOCKS_MAX);

	(void)state;
	tftp_blocks_init(&b, much, TFTP_BLOCKS_MAX, 1);
	for (unsigned n = 2; n < TFTP_BLOCKS_MAX; n++)
		assert_int_equal(take((uint16_t)n, "x"), TFTP_TAKEN_NEW);
	assert_int_equal(take(TFTP_BLOCKS_MAX, ""), TFTP_TAKEN_NEW);
	assert_int_equal(tftp_blocks_before_hole(&b), 0);
	assert_int_equal(take(1, "x"), TFTP_TAKEN_NEW);
	assert_true(tftp_blocks_are_whole(&b));
	assert_int_equal(tftp_blocks_before_hole(&b), TFTP_BLOCKS_MAX);
	free(much);
}

static int done(void **state)
{
	(void)state;
	free(room);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, done)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(blocks_of_any_order_make_the_file),
		TEST(what_is_not_of_this_file_is_left_out),
		TEST(nothing_is_written_beyond_the_room),
		TEST(a_block_that_comes_again_with_another_length_is_another_files),
		TEST(the_last_number_is_the_last_block),
	};

	return cmocka_run_group_tests_name("tftp_blocks", tests, NULL, NULL);
}
