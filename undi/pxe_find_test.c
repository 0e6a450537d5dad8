/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/test.h"
#include "undi/pxe_find.h"

enum { MEGABYTE = 0x100000, BANG_AT = 0x9c720, OLD_AT = 0x9c7c0 };

static uint8_t *memory;

static int fresh(void **state)
{
	(void)state;
	memory = calloc(1, MEGABYTE);
	return memory == NULL;
}

static int done(void **state)
{
	(void)state;
	free(memory);
	return 0;
}

static struct pxe_far far_to(uint32_t at)
{
	return (struct pxe_far){ .seg = (uint16_t)(at >> 4), .off = (uint16_t)(at & 15) };
}

static void fix_sum(uint8_t *bytes, size_t len, size_t at)
{
	uint8_t sum = 0;

	bytes[at] = 0;
	for (size_t i = 0; i < len; i++)
		sum = (uint8_t)(sum + bytes[i]);
	bytes[at] = (uint8_t)-sum;
}

static void put_bang(uint32_t at)
{
	struct pxe_bang bang = { .signature = { '!', 'P', 'X', 'E' }, .length = sizeof bang,
	                         .entry = { .off = 0x160, .seg = 0x9c48 }, .segment_count = 7 };

	memcpy(memory + at, &bang, sizeof bang);
	fix_sum(memory + at, sizeof bang, offsetof(struct pxe_bang, checksum));
}

static void put_old(uint32_t at, uint16_t version, struct pxe_far bang)
{
	struct pxe_env_old old = { .signature = { 'P', 'X', 'E', 'N', 'V', '+' }, .version = version,
	                           .length = sizeof old, .entry = { .off = 0x100, .seg = 0x9c48 }, .bang = bang };

	memcpy(memory + at, &old, sizeof old);
	fix_sum(memory + at, sizeof old, offsetof(struct pxe_env_old, checksum));
}

static bool find(struct pxe_ways ways, struct pxe_found *found)
{
	if (!ways.scan_from)
		ways.scan_from = 0xa0000;       /* scanning is asked for by name */
	return pxe_find(memory, MEGABYTE, &ways, found);
}

static void on_the_stack(void **state)
{
	struct pxe_found found;

	(void)state;
	put_bang(BANG_AT);
	assert_true(find((struct pxe_ways){ .stack = far_to(BANG_AT) }, &found));
	assert_int_equal(found.entry.seg, 0x9c48);
	assert_int_equal(found.entry.off, 0x160);
	assert_false(found.is_pxenv);
	assert_string_equal(found.way, "!PXE on the stack");
}

static void at_es_bx_and_through_it(void **state)
{
	struct pxe_found found;

	(void)state;
	put_bang(BANG_AT);
	put_old(OLD_AT, 0x0201, far_to(BANG_AT));
	assert_true(find((struct pxe_ways){ .es_bx = far_to(OLD_AT) }, &found));
	assert_false(found.is_pxenv);
	assert_int_equal(found.entry.off, 0x160);
	memory[BANG_AT] = 0;                    /* !PXE broken: the old API itself */
	assert_true(find((struct pxe_ways){ .es_bx = far_to(OLD_AT) }, &found));
	assert_true(found.is_pxenv);
	assert_int_equal(found.entry.off, 0x100);
	assert_string_equal(found.way, "PXENV+ at ES:BX");
}

static void before_2_1_there_is_no_pointer(void **state)
{
	struct pxe_found found;

	(void)state;
	put_bang(BANG_AT);
	put_old(OLD_AT, 0x0200, far_to(BANG_AT));
	assert_true(find((struct pxe_ways){ .es_bx = far_to(OLD_AT) }, &found));
	assert_true(found.is_pxenv);
}

static void from_int_1a(void **state)
{
	struct pxe_found found;

	(void)state;
	put_bang(BANG_AT);
	put_old(OLD_AT, 0x0201, far_to(BANG_AT));
	assert_true(find((struct pxe_ways){ .int_1a = far_to(OLD_AT) }, &found));
	assert_string_equal(found.way, "PXENV+ from INT 1Ah");
}

static void by_scanning_downwards(void **state)
{
	struct pxe_found found;
	struct pxe_ways ways = { .scan_from = 0x90000 };

	(void)state;
	put_old(0x98000, 0x0200, far_to(0));
	assert_true(find(ways, &found));
	assert_string_equal(found.way, "PXENV+ found in memory");
	put_bang(0x90000);                      /* the lowest place; and !PXE goes before PXENV+ */
	assert_true(find(ways, &found));
	assert_int_equal(found.structure.seg, 0x9000);
	put_bang(BANG_AT);                      /* the highest wins */
	assert_true(find(ways, &found));
	assert_int_equal(found.structure.seg, BANG_AT / 16);
	ways.scan_from = 0x9d000;
	assert_false(find(ways, &found));
}

static void nothing_there(void **state)
{
	struct pxe_found found;

	(void)state;
	assert_false(find((struct pxe_ways){ .scan_from = 0x90000 }, &found));
	assert_false(find((struct pxe_ways){ .stack = { 0xffff, 0xffff }, .es_bx = { 0xffff, 0xffff } }, &found));
}

/* A sum of 0 changes with any single bit, so every flip must be seen. */
static void every_bit_counts(void **state)
{
	struct pxe_found found;

	(void)state;
	put_bang(BANG_AT);
	for (unsigned bit = 0; bit < sizeof(struct pxe_bang) * 8; bit++) {
		memory[BANG_AT + bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_false(find((struct pxe_ways){ .stack = far_to(BANG_AT) }, &found));
		memory[BANG_AT + bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
}

/* Memory that ends inside the structure is never read beyond; no entry point is no API. */
static void every_prefix_is_refused(void **state)
{
	struct pxe_bang bang;
	struct pxe_ways ways = { .stack = { .off = 1, .seg = 0 }, .scan_from = 0xa0000 };
	struct pxe_found found;

	(void)state;
	put_bang(BANG_AT);
	memcpy(&bang, memory + BANG_AT, sizeof bang);
	for (size_t len = 0; len <= sizeof bang; len++) {
		uint8_t *bytes = malloc(len + 1);

		bytes[0] = 0;
		memcpy(bytes + 1, &bang, len);
		assert_int_equal(pxe_find(bytes, len + 1, &ways, &found), len == sizeof bang);
		free(bytes);
	}
	memset(memory + BANG_AT + offsetof(struct pxe_bang, entry), 0, 4);
	fix_sum(memory + BANG_AT, sizeof bang, offsetof(struct pxe_bang, checksum));
	assert_false(find((struct pxe_ways){ .stack = far_to(BANG_AT) }, &found));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fresh, done)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(on_the_stack), TEST(at_es_bx_and_through_it), TEST(before_2_1_there_is_no_pointer),
		TEST(from_int_1a), TEST(by_scanning_downwards), TEST(nothing_there), TEST(every_bit_counts),
		TEST(every_prefix_is_refused),
	};

	return cmocka_run_group_tests_name("undi/pxe_find", tests, NULL, NULL);
}
