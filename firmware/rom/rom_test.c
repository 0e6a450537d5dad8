/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* rom32.c on memory below 4 GiB of this process: a ROM, base memory, room to save it in, a block of PMM's. */
#include <sys/mman.h>
#include "firmware/rom/lzma.h"
#include "firmware/rom/rom.h"
#include "firmware/rom/sample.h"

enum {
	ROM_BYTES = 8192, RESIDENT = 2048, PNP = 0x60, CONFIG = 1024, CONFIG_IN_PROGRAM = 2000,
	LOAD = ROM_BYTES, LOAD_BYTES = 65536, SAVE = LOAD + LOAD_BYTES, BLOCK = SAVE + LOAD_BYTES, ALL = BLOCK + 65536,
};

static uint8_t *all;
static struct rom_call c;

static uint32_t linear(size_t at)
{
	return (uint32_t)(uintptr_t)(all + at);
}

static struct rom_about *about(void)
{
	return (struct rom_about *)(void *)(all + ROM_ABOUT_AT);
}

static int make(void **state)
{
	uint8_t packed[SAMPLE_ROOM];
	size_t  bytes = sample_read(packed);

	(void)state;
	all = mmap(NULL, ALL, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	assert_true(all != MAP_FAILED);
	for (size_t i = 0; i < ALL; i++)
		all[i] = (uint8_t)(i * 7 + (i >> 8));
	*about() = (struct rom_about){ .mark = { 'R', 'R', 'O', 'M' }, .resident_bytes = RESIDENT, .config_at = CONFIG,
		.config_in_program = CONFIG_IN_PROGRAM, .payload_at = RESIDENT, .payload_bytes = (uint32_t)bytes };
	all[ROM_SIZE_AT] = ROM_BYTES / ROM_UNIT;
	all[ROM_PNP_AT] = PNP;
	all[ROM_PNP_AT + 1] = 0;
	all[PNP + PNP_LENGTH_AT] = 2;
	memcpy(all + RESIDENT, packed, bytes);
	c = (struct rom_call){ .rom = linear(0), .from = linear(0), .place = linear(0), .load = linear(LOAD),
		.top = linear(SAVE), .save = linear(SAVE) };
	return 0;
}

static int unmake(void **state)
{
	(void)state;
	return munmap(all, ALL);
}

static unsigned sum(const uint8_t *bytes, size_t len)
{
	unsigned s = 0;

	while (len--)
		s += *bytes++;
	return s & 0xff;
}

static bool is_as_made(size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (all[i] != (uint8_t)(i * 7 + (i >> 8)))
			return false;
	return true;
}

static void the_payload_comes_with_the_rom_s_configuration_and_goes_again(void **state)
{
	(void)state;
	assert_int_equal(rom32(ROM_UNPACK, &c), PAYLOAD_GOOD);
	assert_memory_equal(all + LOAD, "Rill boots", 10);
	assert_memory_equal(all + LOAD + CONFIG_IN_PROGRAM, all + CONFIG, ROM_CONFIG_BYTES);
	assert_int_equal(c.saved_bytes, SAMPLE_BYTES + LZMA_ODDS * 2);
	assert_true(is_as_made(LOAD + c.saved_bytes, SAVE));
	rom32(ROM_RESTORE, &c);
	assert_true(is_as_made(LOAD, SAVE));
}

/* A program that ran meanwhile had that memory: what it left there is not put into base memory. */
static void a_copy_that_was_overwritten_is_not_put_back(void **state)
{
	(void)state;
	assert_int_equal(rom32(ROM_UNPACK, &c), PAYLOAD_GOOD);
	all[SAVE + 5] ^= 1;
	rom32(ROM_RESTORE, &c);
	for (size_t i = 0; i < c.saved_bytes; i++)
		assert_int_equal(all[LOAD + i], 0);
	assert_true(is_as_made(LOAD + c.saved_bytes, SAVE));
}

static void a_damaged_payload_leaves_memory_as_it_was(void **state)
{
	(void)state;
	all[RESIDENT + 300] ^= 4;
	assert_int_equal(rom32(ROM_UNPACK, &c), PAYLOAD_DAMAGED);
	assert_true(is_as_made(LOAD, SAVE));
	all[RESIDENT + 2] ^= 4;                 /* the head's */
	assert_int_equal(rom32(ROM_UNPACK, &c), PAYLOAD_DAMAGED);
	assert_true(is_as_made(LOAD, BLOCK));
}

static void a_configuration_block_must_lie_in_the_file(void **state)
{
	(void)state;
	about()->config_in_program = SAMPLE_BYTES - ROM_CONFIG_BYTES;
	assert_int_equal(rom32(ROM_UNPACK, &c), PAYLOAD_GOOD);
	rom32(ROM_RESTORE, &c);
	about()->config_in_program++;
	assert_int_equal(rom32(ROM_UNPACK, &c), PAYLOAD_DAMAGED);
	about()->config_in_program = UINT32_MAX;
	assert_int_equal(rom32(ROM_UNPACK, &c), PAYLOAD_DAMAGED);
	assert_true(is_as_made(LOAD, SAVE));
}

static void where_base_memory_ends_too_soon_nothing_is_written(void **state)
{
	uint32_t needs = SAMPLE_BYTES + LZMA_ODDS * 2;

	(void)state;
	c.top = c.load + needs - 1;
	assert_int_equal(rom32(ROM_UNPACK, &c), PAYLOAD_NO_ROOM);
	c.top = c.load - 1;
	assert_int_equal(rom32(ROM_UNPACK, &c), PAYLOAD_NO_ROOM);
	assert_true(is_as_made(LOAD, BLOCK));
	c.top = c.load + needs;
	assert_int_equal(rom32(ROM_UNPACK, &c), PAYLOAD_GOOD);
}

static void a_moved_payload_is_found_by_the_next_and_boots_both(void **state)
{
	(void)state;
	c.place = linear(BLOCK);
	assert_int_equal(rom32(ROM_IS_SAME, &c), false);
	rom32(ROM_MOVE, &c);
	assert_int_equal(about()->moved_to, linear(BLOCK));
	assert_true(is_as_made(BLOCK + about()->payload_bytes, ALL));
	about()->moved_to = 0;                  /* as the next instance is */
	assert_int_equal(rom32(ROM_IS_SAME, &c), true);
	all[BLOCK + about()->payload_bytes - 1] ^= 1;
	assert_int_equal(rom32(ROM_IS_SAME, &c), false);
	all[BLOCK + about()->payload_bytes - 1] ^= 1;
	about()->moved_to = c.place;
	all[ROM_SIZE_AT] = RESIDENT / ROM_UNIT;
	c.place = linear(0);
	rom32(ROM_SETTLE, &c);
	for (size_t i = RESIDENT; i < RESIDENT + about()->payload_bytes; i++)
		assert_int_equal(all[i], 0);
	assert_true(is_as_made(RESIDENT + about()->payload_bytes, LOAD));
	assert_int_equal(rom32(ROM_UNPACK, &c), PAYLOAD_GOOD);
}

static void settling_makes_the_sums_right_and_nothing_else(void **state)
{
	uint8_t before[ROM_BYTES];

	(void)state;
	all[ROM_SIZE_AT] = RESIDENT / ROM_UNIT;
	memcpy(before, all, ROM_BYTES);
	rom32(ROM_SETTLE, &c);
	assert_int_equal(sum(all, RESIDENT), 0);
	assert_int_equal(sum(all + PNP, 32), 0);
	for (size_t i = 0; i < ROM_BYTES; i++)
		if (i != ROM_CHECKSUM_AT && i != PNP + PNP_CHECKSUM_AT)
			assert_int_equal(all[i], before[i]);
	c.place = linear(BLOCK);
	rom32(ROM_SETTLE, &c);
	assert_memory_equal(all + BLOCK, all, RESIDENT);
	assert_true(is_as_made(BLOCK + RESIDENT, ALL));
}

/* Split: what stays is all that POST ever had, and the whole ROM lies in the flash, here at BLOCK. */
static void make_split(void)
{
	about()->payload_at = 2 * RESIDENT;
	all[ROM_SIZE_AT] = RESIDENT / ROM_UNIT;
	memcpy(all + BLOCK, all, RESIDENT);
	memcpy(all + BLOCK + 2 * RESIDENT - ROM_PAYLOAD_HEAD + ROM_MARK_AT, "RROM", 4);
	memcpy(all + BLOCK + 2 * RESIDENT, all + RESIDENT, about()->payload_bytes);
	memset(all + RESIDENT, 0xff, ROM_BYTES - RESIDENT);
	c.from = linear(BLOCK);
}

static void out_of_the_flash_it_boots_as_out_of_the_rom(void **state)
{
	(void)state;
	make_split();
	assert_int_equal(rom32(ROM_UNPACK, &c), PAYLOAD_GOOD);
	assert_memory_equal(all + LOAD, "Rill boots", 10);
	assert_memory_equal(all + LOAD + CONFIG_IN_PROGRAM, all + CONFIG, ROM_CONFIG_BYTES);
	rom32(ROM_RESTORE, &c);
	assert_true(is_as_made(LOAD, SAVE));
}

static void out_of_the_flash_post_moves_it_and_touches_nothing_behind_what_stays(void **state)
{
	uint8_t *moved = all + LOAD;

	(void)state;
	make_split();
	c.place = linear(LOAD);
	assert_int_equal(rom32(ROM_IS_SAME, &c), false);
	rom32(ROM_MOVE, &c);
	assert_int_equal(about()->moved_to, linear(LOAD));
	assert_memory_equal(moved, all + BLOCK + 2 * RESIDENT, about()->payload_bytes);
	assert_true(is_as_made(LOAD + about()->payload_bytes, SAVE));
	c.place = linear(0);
	rom32(ROM_SETTLE, &c);
	assert_int_equal(sum(all, RESIDENT), 0);
	for (size_t i = RESIDENT; i < ROM_BYTES; i++)
		assert_int_equal(all[i], 0xff);
}

static void what_was_overwritten_in_memory_is_still_in_the_flash(void **state)
{
	(void)state;
	make_split();
	about()->moved_to = linear(LOAD);       /* and there is something else */
	c.load = linear(SAVE);
	c.top  = c.save = linear(BLOCK) - LOAD_BYTES / 2;
	c.from = linear(0);
	assert_int_equal(rom32(ROM_UNPACK, &c), PAYLOAD_DAMAGED);
	c.from = linear(BLOCK);
	assert_int_equal(rom32(ROM_UNPACK, &c), PAYLOAD_GOOD);
	assert_memory_equal(all + SAVE, "Rill boots", 10);
}

static void the_flash_is_ours_if_it_says_what_the_rom_says(void **state)
{
	(void)state;
	make_split();
	assert_int_equal(rom32(ROM_IS_OURS, &c), true);
	about()->moved_to = linear(LOAD);       /* only POST's copy knows */
	assert_int_equal(rom32(ROM_IS_OURS, &c), true);
	for (unsigned i = 0; i < 8 * offsetof(struct rom_about, moved_to); i++) {
		all[BLOCK + ROM_ABOUT_AT + i / 8] ^= (uint8_t)(1 << i % 8);
		assert_int_equal(rom32(ROM_IS_OURS, &c), false);
		all[BLOCK + ROM_ABOUT_AT + i / 8] ^= (uint8_t)(1 << i % 8);
	}
	memset(all + BLOCK + 2 * RESIDENT - ROM_PAYLOAD_HEAD, 0xff, ROM_PAYLOAD_HEAD);  /* written short */
	assert_int_equal(rom32(ROM_IS_OURS, &c), false);
	memset(all + BLOCK, 0xff, ROM_BYTES);   /* nobody answers */
	assert_int_equal(rom32(ROM_IS_OURS, &c), false);
}

/* What nasm believes of it. */
static void rom_inc_says_the_same(void **state)
{
	static const struct { const char *name; unsigned value; } rows[] = {
		{ "ROM_A20", ROM_A20 }, { "ROM_IS_SAME", ROM_IS_SAME }, { "ROM_MOVE", ROM_MOVE },
		{ "ROM_SETTLE", ROM_SETTLE }, { "ROM_UNPACK", ROM_UNPACK }, { "ROM_RESTORE", ROM_RESTORE },
		{ "ROM_IS_OURS", ROM_IS_OURS },
		{ "PAYLOAD_GOOD", PAYLOAD_GOOD }, { "PAYLOAD_DAMAGED", PAYLOAD_DAMAGED },
		{ "PAYLOAD_NO_ROOM", PAYLOAD_NO_ROOM }, { "ROM_UNIT", ROM_UNIT }, { "ROM_ABOUT_AT", ROM_ABOUT_AT },
		{ "ROM_CONFIG_BYTES", ROM_CONFIG_BYTES },
	};
	FILE *f = fopen("firmware/rom/rom.inc", "r");
	char  line[128], name[32], value[16];
	unsigned found = 0;

	(void)state;
	assert_non_null(f);
	while (fgets(line, sizeof line, f)) {
		if (sscanf(line, "%31s equ %15s", name, value) != 2)
			continue;
		for (unsigned i = 0; i < COUNT_OF(rows); i++)
			if (strcmp(rows[i].name, name) == 0 && ++found)
				assert_int_equal(strtoul(value, NULL, strchr(value, 'h') ? 16 : 10), rows[i].value);
	}
	fclose(f);
	assert_int_equal(found, COUNT_OF(rows));
}

#define with_memory(test) cmocka_unit_test_setup_teardown(test, make, unmake)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_memory(the_payload_comes_with_the_rom_s_configuration_and_goes_again),
		with_memory(a_copy_that_was_overwritten_is_not_put_back),
		with_memory(a_damaged_payload_leaves_memory_as_it_was),
		with_memory(a_configuration_block_must_lie_in_the_file),
		with_memory(where_base_memory_ends_too_soon_nothing_is_written),
		with_memory(a_moved_payload_is_found_by_the_next_and_boots_both),
		with_memory(settling_makes_the_sums_right_and_nothing_else),
		with_memory(out_of_the_flash_it_boots_as_out_of_the_rom),
		with_memory(out_of_the_flash_post_moves_it_and_touches_nothing_behind_what_stays),
		with_memory(what_was_overwritten_in_memory_is_still_in_the_flash),
		with_memory(the_flash_is_ours_if_it_says_what_the_rom_says),
		cmocka_unit_test(rom_inc_says_the_same),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
