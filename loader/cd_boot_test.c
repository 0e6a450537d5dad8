/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/test.h"
#include "loader/cd_boot.h"

/* What xorriso writes: everything it checks, then the place of the boot catalog. */
static const char good[] = "\0CD001\1EL TORITO SPECIFICATION\0\0\0\0\0\0\0\0\0";
enum { CHECKED = 39 };

static uint8_t sector[DISK_SECTOR];
static enum disk_status answer;
static uint64_t asked;

static enum disk_status read_sector(struct disk *d, uint64_t lba, uint32_t sectors, uint8_t *into)
{
	(void)d;
	assert_int_equal(sectors, 1);
	asked = lba;
	if (answer == DISK_OK)
		memcpy(into, sector, sizeof sector);
	return answer;
}

static bool is_cd(uint64_t sectors)
{
	struct disk d = { .read = read_sector, .sectors = sectors };
	uint8_t scratch[DISK_SECTOR] = { 0 };

	return cd_boot_record_is_on(&d, scratch);
}

static int fresh(void **state)
{
	(void)state;
	memset(sector, 0xee, sizeof sector);
	memcpy(sector, good, sizeof good);
	answer = DISK_OK;
	return 0;
}

static void a_boot_record_is_known(void **state)
{
	(void)state;
	assert_true(is_cd(1000));
	assert_int_equal(asked, 68);
}

static void a_disk_that_ends_before_it_has_none(void **state)
{
	(void)state;
	for (uint64_t sectors = 0; sectors <= 68; sectors++)
		assert_false(is_cd(sectors));
	assert_true(is_cd(69));
}

static void what_cannot_be_read_has_none(void **state)
{
	(void)state;
	answer = DISK_IO_ERROR;
	assert_false(is_cd(1000));
	answer = DISK_TIMEOUT;
	assert_false(is_cd(1000));
}

static void every_bit_counts(void **state)
{
	(void)state;
	for (unsigned bit = 0; bit < DISK_SECTOR * 8; bit++) {
		sector[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_equal(is_cd(1000), bit / 8 >= CHECKED);
		sector[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
}

int main(void)
{
#define fresh_test(f) cmocka_unit_test_setup_teardown(f, fresh, NULL)
	const struct CMUnitTest tests[] = {
		fresh_test(a_boot_record_is_known),
		fresh_test(a_disk_that_ends_before_it_has_none),
		fresh_test(what_cannot_be_read_has_none),
		fresh_test(every_bit_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
