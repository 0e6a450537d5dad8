/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/test.h"
#include "undi/rom_id.h"

/* A ROM of 1 KiB at 2 KiB of some upper memory, laid out as iPXE's are. */
enum { UPPER_BYTES = 8192, ROM_AT = 2048, ROM_BYTES = 1024, ID_AT = 0x84, PCI_AT = 0x1c, LIST_AT = 0x100 };
enum { VENDOR = 0x10ec, DEVICE = 0x8139, OTHER = 0x8138, LOADER = 0x2a4, DATA = 0x2f10, CODE = 0x0812 };

static uint8_t upper[UPPER_BYTES];
static uint8_t *const image = upper + ROM_AT;

static void put16(size_t at, unsigned value)
{
	image[at] = (uint8_t)value;
	image[at + 1] = (uint8_t)(value >> 8);
}

static void fix_sum(size_t start, size_t len, size_t at)
{
	uint8_t sum = 0;

	image[at] = 0;
	for (size_t i = 0; i < len; i++)
		sum = (uint8_t)(sum + image[start + i]);
	image[at] = (uint8_t)-sum;
}

static void fix(void)
{
	fix_sum(ID_AT, 22, ID_AT + 5);
	fix_sum(0, ROM_BYTES, 6);
}

static int fresh(void **state)
{
	(void)state;
	memset(upper, 0, sizeof upper);
	memcpy(image, "\x55\xaa\x02", 3);
	put16(0x16, ID_AT);
	put16(0x18, PCI_AT);
	memcpy(image + ID_AT, "UNDI\x16\0\0\0\1\2", 10);
	put16(ID_AT + 10, LOADER);
	put16(ID_AT + 12, DATA);
	put16(ID_AT + 14, DATA);
	put16(ID_AT + 16, CODE);
	memcpy(image + ID_AT + 18, "PCIR", 4);
	memcpy(image + PCI_AT, "PCIR", 4);
	put16(PCI_AT + 4, VENDOR);
	put16(PCI_AT + 6, DEVICE);
	put16(PCI_AT + 8, LIST_AT - PCI_AT);
	image[PCI_AT + 12] = 3;
	put16(LIST_AT, DEVICE);
	put16(LIST_AT + 2, OTHER);
	image[ROM_BYTES - 1] = 0x5a;
	fix();
	return 0;
}

static bool first(struct rom *rom)
{
	size_t at = 0;

	return rom_next(rd_over(upper, sizeof upper), &at, rom);
}

static enum rom_state state_now(void)
{
	struct rom rom;

	fix();
	assert_true(first(&rom));
	return rom.state;
}

static void a_rom_says_whom_it_drives_and_what_its_undi_takes(void **state)
{
	struct rom rom;
	size_t at = 0;

	(void)state;
	assert_true(rom_next(rd_over(upper, sizeof upper), &at, &rom));
	assert_int_equal(rom.state, ROM_GOOD);
	assert_int_equal(rom.at, ROM_AT);
	assert_int_equal(rom.bytes, ROM_BYTES);
	assert_int_equal(rom.loader, LOADER);
	assert_int_equal(rom.data_bytes, DATA);
	assert_int_equal(rom.code_bytes, CODE);
	assert_true(rom_drives(&rom, VENDOR, DEVICE));
	assert_true(rom_drives(&rom, VENDOR, OTHER));
	assert_false(rom_drives(&rom, VENDOR, 0x8137));
	assert_false(rom_drives(&rom, VENDOR, 0));
	assert_false(rom_drives(&rom, 0x8086, DEVICE));
	assert_false(rom_next(rd_over(upper, sizeof upper), &at, &rom));
}

/* The word of the list was a pointer to vital product data then (PCI Local Bus 2.2, 6.3.1.2). */
static void before_pci_3_there_is_no_list(void **state)
{
	struct rom rom;

	(void)state;
	for (uint8_t revision = 0; revision < 3; revision++) {
		image[PCI_AT + 12] = revision;
		fix();
		assert_true(first(&rom));
		assert_true(rom_drives(&rom, VENDOR, DEVICE));
		assert_false(rom_drives(&rom, VENDOR, OTHER));
	}
}

static void a_list_without_an_end_ends_with_the_rom(void **state)
{
	struct rom rom;

	(void)state;
	put16(PCI_AT + 8, ROM_BYTES - 3 - PCI_AT);
	memset(image + ROM_BYTES - 3, 0xff, 3);
	fix();
	assert_true(first(&rom));
	assert_false(rom_drives(&rom, VENDOR, OTHER));
	assert_false(rom_drives(&rom, VENDOR, 0));
	assert_true(rom_drives(&rom, VENDOR, 0xffff));
}

static void roms_follow_each_other_and_rubbish_hides_none(void **state)
{
	struct rom rom;
	size_t at = 0;

	(void)state;
	memcpy(upper + 2 * ROM_AT, image, ROM_BYTES);
	memcpy(upper, "\x55\xaa\x0f", 3);       /* says that it reaches over both, and its sum is wrong */
	upper[3] = 1;
	assert_true(rom_next(rd_over(upper, sizeof upper), &at, &rom));
	assert_false(rom.is_whole);
	assert_int_equal(rom.state, ROM_NO_ID);
	assert_true(rom_next(rd_over(upper, sizeof upper), &at, &rom));
	assert_int_equal(rom.at, ROM_AT);
	assert_true(rom_next(rd_over(upper, sizeof upper), &at, &rom));
	assert_int_equal(rom.at, 2 * ROM_AT);
	assert_int_equal(rom.state, ROM_GOOD);
}

static void what_is_wrong_has_its_name(void **state)
{
	struct rom rom;

	(void)state;
	put16(0x16, 0);
	assert_int_equal(state_now(), ROM_NO_ID);
	fresh(NULL);
	memcpy(image + ID_AT + 18, "ISAR", 4);
	assert_int_equal(state_now(), ROM_NO_ID);
	fresh(NULL);
	put16(ID_AT + 10, ROM_BYTES);
	assert_int_equal(state_now(), ROM_BAD_ID);
	fresh(NULL);
	put16(ID_AT + 16, 0);
	assert_int_equal(state_now(), ROM_BAD_ID);
	fresh(NULL);
	image[ID_AT + 4] = 21;
	fix_sum(ID_AT, 21, ID_AT + 5);
	fix_sum(0, ROM_BYTES, 6);
	assert_true(first(&rom));
	assert_int_equal(rom.state, ROM_BAD_ID);
	fresh(NULL);
	image[ID_AT + 5]++;
	fix_sum(0, ROM_BYTES, 6);
	assert_true(first(&rom));
	assert_int_equal(rom.state, ROM_BAD_ID);
	fresh(NULL);
	image[ROM_BYTES - 1]++;
	assert_true(first(&rom));
	assert_int_equal(rom.state, ROM_BAD_IMAGE);
}

static void every_prefix_has_no_rom_that_is_good(void **state)
{
	(void)state;
	for (size_t len = 0; len < ROM_BYTES; len++) {
		uint8_t *bytes = exact_copy(image, len);
		struct rom rom;
		size_t at = 0;

		while (rom_next(rd_over(bytes, len), &at, &rom))
			assert_true(rom.state != ROM_GOOD);
		assert_true(at >= len);
		free(bytes);
	}
}

static void every_flipped_bit_is_noticed(void **state)
{
	(void)state;
	for (size_t bit = 0; bit < 8 * ROM_BYTES; bit++) {
		uint8_t *bytes = exact_copy(upper, sizeof upper);
		struct rom rom;
		size_t at = 0;

		bytes[ROM_AT + bit / 8] ^= (uint8_t)(1u << bit % 8);
		while (rom_next(rd_over(bytes, sizeof upper), &at, &rom)) {
			assert_true(rom.state != ROM_GOOD);
			rom_drives(&rom, VENDOR, 1);
		}
		free(bytes);
	}
}

static void segments_go_below_the_top_each_on_a_page(void **state)
{
	const struct rom rom = { .data_bytes = DATA, .code_bytes = CODE };
	struct rom_place place;

	(void)state;
	assert_true(rom_place(&rom, 0x93400, &place));
	assert_int_equal(place.data_seg, 0x9000);       /* 90000h + 2f10h <= 93400h */
	assert_int_equal(place.code_seg, 0x8f00);
	assert_int_equal(place.from, 0x8f000);
	assert_int_equal(place.bytes, 0x4400);
}

static void segments_keep_above_what_a_system_needs(void **state)
{
	const struct rom rom = { .data_bytes = 0xffff, .code_bytes = 0xffff };
	const uint32_t need = 0xffff + 0xffff + 2 * ROM_PLACE_PAGE;
	struct rom_place place;

	(void)state;
	assert_true(rom_place(&rom, ROM_PLACE_MIN + need, &place));
	assert_true(place.from >= ROM_PLACE_MIN);
	assert_true((place.data_seg << 4) - (place.code_seg << 4) >= 0xffff);
	assert_false(rom_place(&rom, ROM_PLACE_MIN + need - 1, &place));
	assert_false(rom_place(&rom, 0, &place));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_rom_says_whom_it_drives_and_what_its_undi_takes, fresh),
		cmocka_unit_test_setup(before_pci_3_there_is_no_list, fresh),
		cmocka_unit_test_setup(a_list_without_an_end_ends_with_the_rom, fresh),
		cmocka_unit_test_setup(roms_follow_each_other_and_rubbish_hides_none, fresh),
		cmocka_unit_test_setup(what_is_wrong_has_its_name, fresh),
		cmocka_unit_test_setup(every_prefix_has_no_rom_that_is_good, fresh),
		cmocka_unit_test_setup(every_flipped_bit_is_noticed, fresh),
		cmocka_unit_test(segments_go_below_the_top_each_on_a_page),
		cmocka_unit_test(segments_keep_above_what_a_system_needs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
