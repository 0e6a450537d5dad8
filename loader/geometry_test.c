/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/test.h"
#include "loader/geometry.h"

enum { MIB = 2048, SMALL = 64 * MIB, LARGE = 8192 * MIB, TABLE_AT = 446, FAT16 = 6, GPT = 0xee };

static uint8_t sector0[DISK_SECTOR];

static int fresh(void **state)
{
	(void)state;
	memset(sector0, 0, sizeof sector0);
	return 0;
}

static void put_chs(uint8_t *at, uint32_t heads, uint32_t lba)
{
	uint32_t cylinder = lba / 63 / heads;

	if (cylinder > 1023) {                  /* what fdisk writes where CHS does not reach */
		memcpy(at, "\xfe\xff\xff", 3);
		return;
	}
	at[0] = (uint8_t)(lba / 63 % heads);
	at[1] = (uint8_t)((lba % 63 + 1) | (cylinder >> 2 & 0xc0));
	at[2] = (uint8_t)cylinder;
}

static void put_entry(unsigned number, uint8_t type, uint32_t heads, uint32_t lba, uint32_t sectors)
{
	uint8_t *at = sector0 + TABLE_AT + number * 16;

	put_chs(at + 1, heads, lba);
	at[4] = type;
	put_chs(at + 5, heads, lba + sectors - 1);
	memcpy(at + 8, &lba, 4);
	memcpy(at + 12, &sectors, 4);
}

static void assert_geometry(uint64_t sectors, uint32_t cylinders, uint16_t heads)
{
	struct geometry g = geometry_of_table(sectors, sector0);

	assert_int_equal(g.cylinders, cylinders);
	assert_int_equal(g.heads, heads);
	assert_int_equal(g.sectors, 63);
}

static void size_alone_is_255_heads(void **state)
{
	static const struct { uint64_t sectors; uint32_t cylinders; } cases[] = {
		{ 1, 1 }, { 255 * 63 - 1, 1 }, { 255 * 63 * 2, 2 }, { 255 * 63 * 1024, 1024 }, { 1ull << 40, 1024 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct geometry g = geometry_of_size(cases[i].sectors);

		assert_int_equal(g.cylinders, cases[i].cylinders);
		assert_int_equal(g.heads, 255);
		assert_int_equal(g.sectors, 63);
	}
}

static void a_table_of_16_heads_is_believed(void **state)
{
	(void)state;
	put_entry(0, FAT16, 16, 63, 16 * 63 * 100 - 63);
	put_entry(2, FAT16, 16, 16 * 63 * 100, 16 * 63 * 20);
	assert_geometry(SMALL, SMALL / (16 * 63), 16);
}

static void every_usual_number_is_found(void **state)
{
	static const uint16_t heads[] = { 16, 32, 64, 128, 240, 255 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(heads); i++) {
		put_entry(0, FAT16, heads[i], 63, heads[i] * 63u * 3 - 63);
		assert_geometry(SMALL, SMALL / (heads[i] * 63u), heads[i]);
		put_entry(0, FAT16, heads[i], 800u * heads[i] * 63, heads[i] * 63u * 100);
		assert_geometry(LARGE, (uint32_t)min_u64(LARGE / (heads[i] * 63u), 1024), heads[i]);
	}
}

static void beyond_chs_anything_may_stand(void **state)
{
	(void)state;
	put_entry(0, FAT16, 255, 63, LARGE - 63);
	assert_geometry(LARGE, 1024, 255);
	put_entry(0, FAT16, 64, 63, 64 * 63 * 700 - 63);
	assert_geometry(LARGE, 1024, 64);       /* 16 and 32 do not reach its end, which is no excuse */
	put_entry(0, FAT16, 16, 63, LARGE - 63);
	assert_geometry(LARGE, 1024, 255);      /* 63 is head 1 of cylinder 0 whatever there is: the usual one */
}

static void what_decides_nothing_changes_nothing(void **state)
{
	(void)state;
	assert_geometry(SMALL, SMALL / (255 * 63), 255);        /* no entry */
	put_entry(0, GPT, 16, 1, SMALL - 1);
	assert_geometry(SMALL, SMALL / (255 * 63), 255);
	put_entry(0, FAT16, 64, 0, SMALL);
	memcpy(sector0 + TABLE_AT + 5, "\x3f\x20\x3f", 3);      /* 64 x 32, an isohybrid image */
	assert_geometry(SMALL, SMALL / (255 * 63), 255);
	put_entry(0, FAT16, 16, 63, 16 * 63 * 100 - 63);
	put_entry(1, FAT16, 32, 16 * 63 * 100, 16 * 63 * 20);   /* two machines made this one */
	assert_geometry(SMALL, SMALL / (255 * 63), 255);
	memset(sector0, 0, sizeof sector0);
	put_entry(0, FAT16, 255, LARGE, MIB);                   /* FE FF FF: CHS is not meant to be used, */
	memcpy(sector0 + TABLE_AT + 8, &(uint32_t){ 1024 * MIB }, 4);   /* nor do 16 heads reach it */
	assert_geometry(LARGE, 1024, 255);
	memset(sector0, 0xff, sizeof sector0);
	assert_geometry(SMALL, SMALL / (255 * 63), 255);
}

/* Whatever the table says, CHS calls can be reckoned with. */
static void every_bit(void **state)
{
	(void)state;
	put_entry(0, FAT16, 16, 63, 16 * 63 * 100 - 63);
	put_entry(3, FAT16, 16, 16 * 63 * 100, 16 * 63 * 20);
	for (unsigned bit = 0; bit < 64 * 8; bit++) {
		struct geometry g;

		sector0[TABLE_AT + bit / 8] ^= (uint8_t)(1u << bit % 8);
		g = geometry_of_table(SMALL, sector0);
		assert_true(g.heads == 16 || g.heads == 255);
		assert_int_equal(g.cylinders, SMALL / (g.heads * 63u));
		sector0[TABLE_AT + bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
}

int main(void)
{
#define fresh_test(f) cmocka_unit_test_setup_teardown(f, fresh, NULL)
	const struct CMUnitTest tests[] = {
		fresh_test(size_alone_is_255_heads),
		fresh_test(a_table_of_16_heads_is_believed),
		fresh_test(every_usual_number_is_found),
		fresh_test(beyond_chs_anything_may_stand),
		fresh_test(what_decides_nothing_changes_nothing),
		fresh_test(every_bit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
