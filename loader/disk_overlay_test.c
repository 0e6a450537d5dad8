/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "loader/disk_fake.h"
#include "loader/disk_overlay.h"

enum { SECTORS = 40000 + 3, BLOCK = OVERLAY_BLOCK_BYTES / DISK_SECTOR };

static struct disk_fake    below;
static struct disk_overlay overlay;
static uint8_t shadow[SECTORS * DISK_SECTOR];           /* what the disk should hold */
static uint8_t buffer[SECTORS * DISK_SECTOR];

static int fresh(void **state)
{
	(void)state;
	fake_disk_init(&below, SECTORS);
	disk_overlay_init(&overlay, &below.disk);
	for (size_t i = 0; i < sizeof shadow; i++)
		shadow[i] = fake_byte(i);
	return 0;
}

static enum disk_status write_at(uint64_t lba, uint32_t sectors, uint8_t value)
{
	enum disk_status status;

	memset(buffer, value, (size_t)sectors * DISK_SECTOR);
	status = disk_write(&overlay.disk, lba, sectors, buffer);
	if (status == DISK_OK)
		memset(shadow + lba * DISK_SECTOR, value, (size_t)sectors * DISK_SECTOR);
	return status;
}

static void expect_shadow(uint64_t lba, uint32_t sectors)
{
	uint8_t *into = malloc((size_t)sectors * DISK_SECTOR);

	assert_int_equal(disk_read(&overlay.disk, lba, sectors, into), DISK_OK);
	assert_memory_equal(into, shadow + lba * DISK_SECTOR, (size_t)sectors * DISK_SECTOR);
	free(into);
}

static void reads_see_writes_and_nothing_else(void **state)
{
	uint32_t random = 7;

	(void)state;
	for (int i = 0; i < 120; i++) {
		random = random * 1664525 + 1013904223;
		assert_int_equal(write_at(random >> 8 & 0x1fff, 1 + (random >> 28), (uint8_t)i), DISK_OK);
		expect_shadow(random >> 10 & 0x1fff, 64);
	}
	expect_shadow(0, SECTORS);
	assert_int_equal(write_at(SECTORS - 1, 1, 9), DISK_OK);  /* the last block is a short one */
	expect_shadow(SECTORS - 20, 20);
}

static void a_whole_block_is_not_read_first(void **state)
{
	(void)state;
	assert_int_equal(write_at(5 * BLOCK, 3 * BLOCK, 1), DISK_OK);
	assert_int_equal(below.reads, 0);
	assert_int_equal(write_at(5 * BLOCK + 1, 1, 2), DISK_OK);
	assert_int_equal(below.reads, 0);
	assert_int_equal(write_at(9 * BLOCK + 1, 1, 3), DISK_OK);
	assert_int_equal(below.reads, 1);
}

static void beyond_its_limit_it_refuses_whole_and_counts(void **state)
{
	(void)state;
	assert_int_equal(write_at(0, (OVERLAY_BLOCKS - 1) * BLOCK, 1), DISK_OK);
	assert_int_equal(write_at(30000, 2 * BLOCK, 2), DISK_FULL);
	assert_int_equal(overlay.refused, 1);
	expect_shadow(0, SECTORS);                               /* nothing of it was written */
	assert_int_equal(write_at(30000, BLOCK, 3), DISK_OK);    /* 30000 is a block's first sector */
	assert_int_equal(write_at(35000, 1, 4), DISK_FULL);
	assert_int_equal(write_at(30001, 1, 5), DISK_OK);        /* what is here can be written again */
	assert_int_equal(write_at(17, 100, 6), DISK_OK);
	assert_int_equal(overlay.refused, 2);
	expect_shadow(0, SECTORS);
	assert_int_equal(write_at(0, SECTORS, 7), DISK_FULL);
	assert_int_equal(disk_write(&overlay.disk, SECTORS, 1, buffer), DISK_BAD_RANGE);
}

static void a_block_that_cannot_be_read_is_not_half_written(void **state)
{
	(void)state;
	below.bad_from = 80;
	below.bad_to   = 81;
	assert_int_equal(write_at(81, 1, 1), DISK_IO_ERROR);
	assert_int_equal(overlay.used, 0);
	assert_int_equal(disk_read(&overlay.disk, 80, 2, buffer), DISK_IO_ERROR);
}

static void what_was_written_is_readable_whatever_happens_below(void **state)
{
	(void)state;
	below.bad_from = 80;
	below.bad_to   = 96;
	assert_int_equal(write_at(80, 16, 5), DISK_OK);
	expect_shadow(80, 16);
	expect_shadow(83, 9);
	assert_int_equal(disk_read(&overlay.disk, 79, 2, buffer), DISK_IO_ERROR);       /* not only what was written */
	assert_int_equal(write_at(SECTORS - 3, 3, 6), DISK_OK);
	below.silent = true;
	expect_shadow(SECTORS - 3, 3);
	assert_int_equal(disk_read(&overlay.disk, 200, 1, buffer), DISK_TIMEOUT);
}

int main(void)
{
#define fresh_test(f) cmocka_unit_test_setup_teardown(f, fresh, NULL)
	const struct CMUnitTest tests[] = {
		fresh_test(reads_see_writes_and_nothing_else),
		fresh_test(a_whole_block_is_not_read_first),
		fresh_test(beyond_its_limit_it_refuses_whole_and_counts),
		fresh_test(a_block_that_cannot_be_read_is_not_half_written),
		fresh_test(what_was_written_is_readable_whatever_happens_below),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
