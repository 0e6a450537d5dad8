/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/test.h"
#include "firmware/bios/map.h"

enum { ROOM = 12 };

static struct map_entry map[ROOM];
static unsigned count;

/* What QEMU with 512 MiB says through a PXE ROM. */
static int fresh(void **state)
{
	static const struct map_entry qemu[] = {
		{ 0, 0x9c400, 1, 1 }, { 0x9c400, 0x3c00, 2, 1 }, { 0xf0000, 0x10000, 2, 1 },
		{ 0x100000, 0x1fec0000, 1, 1 }, { 0x1ffc0000, 0x40000, 2, 1 }, { 0x100000000, 0x40000000, 1, 1 },
	};

	(void)state;
	memcpy(map, qemu, sizeof qemu);
	count = COUNT_OF(qemu);
	return 0;
}

static uint64_t usable(void)
{
	uint64_t bytes = 0;

	for (unsigned i = 0; i < count; i++)
		if (map[i].type == MAP_USABLE)
			bytes += map[i].bytes;
	return bytes;
}

static void expect(unsigned at, uint64_t base, uint64_t bytes, uint32_t type)
{
	assert_true(at < count);
	assert_int_equal(map[at].base, base);
	assert_int_equal(map[at].bytes, bytes);
	assert_int_equal(map[at].type, type);
}

static void at_the_end_of_a_range(void **state)
{
	(void)state;
	count = map_reserve(map, count, ROOM, 0x90000, 0xc400);
	assert_int_equal(count, 7);
	expect(0, 0, 0x90000, MAP_USABLE);
	expect(1, 0x90000, 0xc400, MAP_RESERVED);
	expect(2, 0x9c400, 0x3c00, MAP_RESERVED);
}

static void in_the_middle_of_a_range(void **state)
{
	(void)state;
	count = map_reserve(map, count, ROOM, 0x10000000, 0x300000);
	assert_int_equal(count, 8);
	expect(3, 0x100000, 0xff00000, MAP_USABLE);
	expect(4, 0x10000000, 0x300000, MAP_RESERVED);
	expect(5, 0x10300000, 0xfcc0000, MAP_USABLE);
}

static void at_the_start_and_over_the_whole(void **state)
{
	uint64_t before = usable();

	(void)state;
	count = map_reserve(map, count, ROOM, 0x100000, 0x100000);
	expect(3, 0x100000, 0x100000, MAP_RESERVED);
	expect(4, 0x200000, 0x1fdc0000, MAP_USABLE);
	assert_int_equal(usable(), before - 0x100000);
	count = map_reserve(map, count, ROOM, 0xfffff000, 0x50000000);
	assert_int_equal(usable(), before - 0x100000 - 0x40000000);
}

/* Ranges that belong to others keep their type, whatever we ask for. */
static void what_is_not_usable_stays(void **state)
{
	uint64_t before = usable();

	(void)state;
	map[4].type = 3;
	count = map_reserve(map, count, ROOM, 0x1ffd0000, 0x1000);
	assert_int_equal(usable(), before);
	assert_int_equal(map[4].type, 3);
}

static void no_room_is_told(void **state)
{
	(void)state;
	assert_int_equal(map_reserve(map, count, count + 1, 0x10000000, 0x1000), 0);
	assert_int_equal(map_reserve(map, count, count, 0x90000, 0xc400), 0);
}

static void the_older_answers(void **state)
{
	struct map_answers a = map_answers(map, count);

	(void)state;
	assert_int_equal(a.e801_ax, 15 * 1024);
	assert_int_equal(a.e801_bx, (0x1ffc0000 - 0x1000000) >> 16);
	assert_int_equal(a.kb_da88, 0x1fec0000 >> 10);
	assert_int_equal(a.kb_88, 0xfc00);
	map[3].bytes = 0x700000;
	a = map_answers(map, count);
	assert_int_equal(a.e801_ax, 7 * 1024);
	assert_int_equal(a.e801_bx, 0);
	assert_int_equal(a.kb_88, 7 * 1024);
}

/* Neighbours in any order are one run; a hole ends it; more than 4 GiB does not wrap. */
static void a_run_of_neighbours(void **state)
{
	static const struct map_entry split[] = {
		{ 0x800000, 0x800000, 1, 1 }, { 0x100000, 0x700000, 1, 1 }, { 0x1000000, 0x100000, 2, 1 },
		{ 0x1100000, 0x1000000, 1, 1 },
	};
	static const struct map_entry huge[] = { { 0x100000, 0x400000000, 1, 1 } };

	(void)state;
	assert_int_equal(map_answers(split, COUNT_OF(split)).kb_da88, 15 * 1024);
	assert_int_equal(map_answers(split, COUNT_OF(split)).e801_bx, 0);
	assert_int_equal(map_answers(huge, 1).kb_da88, (0xffffffffu - 0x100000) >> 10);
	assert_int_equal(map_answers(huge, 1).e801_bx, 0xfeff);
	assert_int_equal(map_answers(huge, 0).kb_88, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fresh, NULL)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(at_the_end_of_a_range), TEST(in_the_middle_of_a_range), TEST(at_the_start_and_over_the_whole),
		TEST(what_is_not_usable_stays), TEST(no_room_is_told), TEST(the_older_answers),
		TEST(a_run_of_neighbours),
	};

	return cmocka_run_group_tests_name("firmware/bios/map", tests, NULL, NULL);
}
