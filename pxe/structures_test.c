/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What the structures say, and that whoever looks for an API finds them. */
#include "lib/test.h"
#include "pxe/structures.h"
#include "undi/pxe_find.h"

enum { MEMORY = 0xa0000, BANG_AT = 0x9a010, ENV_AT = 0x9a080, SCAN_FROM = 0x98000 };

static uint8_t *memory;
static struct pxe_layout layout;

static struct pxe_far far_to(uint32_t at)
{
	return (struct pxe_far){ .seg = (uint16_t)(at >> 4), .off = (uint16_t)(at & 15) };
}

static void put(void)
{
	struct pxe_bang bang;
	struct pxe_env_old env;

	pxe_structures_bang(&layout, &bang);
	pxe_structures_env(&layout, &env);
	memcpy(memory + BANG_AT, &bang, sizeof bang);
	memcpy(memory + ENV_AT, &env, sizeof env);
}

static int fresh(void **state)
{
	(void)state;
	memory = calloc(1, MEMORY);
	layout = (struct pxe_layout){
		.bang_at = far_to(BANG_AT), .entry = { 0x10, 0x9c00 }, .entry_env = { 0, 0x9c00 },
		.undi_rom = { 0x40, 0xc800 }, .base_rom = { 0x60, 0xc800 },
		.stack = { 0x9800, 0x800 }, .undi_data = { 0x9b00, 0x1000 }, .undi_code = { 0x9c00, 0x2000 },
		.base_data = { 0x9d00, 0x300 }, .base_code = { 0x9e00, 0x400 }, .has_base = true,
	};
	put();
	return 0;
}

static int done(void **state)
{
	(void)state;
	free(memory);
	return 0;
}

static void expect_found(struct pxe_ways ways, uint16_t entry_off, const char *way)
{
	struct pxe_found found;

	ways.scan_from = ways.scan_from ? ways.scan_from : 0xa0000;
	assert_true(pxe_find(memory, MEMORY, &ways, &found));
	assert_int_equal(found.entry.seg, 0x9c00);
	assert_int_equal(found.entry.off, entry_off);
	assert_string_equal(found.way, way);
}

static void all_four_ways_lead_to_it(void **state)
{
	(void)state;
	expect_found((struct pxe_ways){ .stack = far_to(BANG_AT) }, 0x10, "!PXE on the stack");
	expect_found((struct pxe_ways){ .es_bx = far_to(ENV_AT) }, 0x10, "PXENV+ at ES:BX");
	expect_found((struct pxe_ways){ .int_1a = far_to(ENV_AT) }, 0x10, "PXENV+ from INT 1Ah");
	expect_found((struct pxe_ways){ .scan_from = SCAN_FROM }, 0x10, "!PXE found in memory");
	memset(memory + BANG_AT, 0, sizeof(struct pxe_bang));
	expect_found((struct pxe_ways){ .scan_from = SCAN_FROM }, 0, "PXENV+ found in memory");
}

static void descriptors_are_segment_physical_address_and_size(void **state)
{
	const struct pxe_bang *bang = (const struct pxe_bang *)(memory + BANG_AT);
	static const uint8_t undi_data[] = { 0x00, 0x9b, 0x00, 0xb0, 0x09, 0x00, 0x00, 0x10 };

	(void)state;
	assert_int_equal(bang->segment_count, 7);
	assert_memory_equal(bang->segments[1], undi_data, sizeof undi_data);
	assert_memory_equal(bang->segments[2], bang->segments[3], 8);
	assert_memory_equal(bang->segments[5], bang->segments[6], 8);
	assert_int_equal(bang->segments[4][1], 0x9d);
	assert_int_equal(bang->entry32.seg | bang->entry32.off, 0);
	assert_int_equal(bang->status_callout, 0);
	assert_int_equal(bang->base_rom.off, 0x60);
}

static void env_says_2_1_and_where_bang_is(void **state)
{
	const struct pxe_env_old *env = (const struct pxe_env_old *)(memory + ENV_AT);

	(void)state;
	assert_int_equal(env->version, 0x0201);
	assert_int_equal(env->bang.seg, BANG_AT >> 4);
	assert_int_equal(env->base_code_seg, 0x9e00);
	assert_int_equal(env->base_data_bytes, 0x300);
	assert_int_equal(env->stack_seg, 0x9800);
	assert_int_equal(env->undi_code_bytes, 0x2000);
	assert_int_equal(env->entry.off, 0);            /* Wyse's bootstrap calls UNDI_CS:0000 */
	assert_int_equal(env->entry.seg, env->undi_code_seg);
}

static void without_a_base_code_there_are_four_segments(void **state)
{
	const struct pxe_bang *bang = (const struct pxe_bang *)(memory + BANG_AT);
	const struct pxe_env_old *env = (const struct pxe_env_old *)(memory + ENV_AT);
	static const uint8_t nothing[3 * 8];

	(void)state;
	layout.has_base = false;
	put();
	assert_int_equal(bang->segment_count, 4);
	assert_memory_equal(bang->segments[4], nothing, sizeof nothing);
	assert_int_equal(bang->base_rom.seg | bang->base_rom.off, 0);
	assert_int_equal(env->base_code_seg | env->base_data_seg | env->stack_seg | env->stack_bytes, 0);
	assert_int_equal(env->base_code_bytes | env->base_data_bytes, 0);
	assert_int_equal(env->undi_data_seg, 0x9b00);
	expect_found((struct pxe_ways){ .es_bx = far_to(ENV_AT) }, 0x10, "PXENV+ at ES:BX");
}

#define test(f) cmocka_unit_test_setup_teardown(f, fresh, done)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(all_four_ways_lead_to_it), test(descriptors_are_segment_physical_address_and_size),
		test(env_says_2_1_and_where_bang_is), test(without_a_base_code_there_are_four_segments),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
