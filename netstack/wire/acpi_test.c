/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The table around the hand-over block: what stands where, and that nothing damaged is taken for one. */
#include "lib/test.h"
#include "netstack/wire/acpi.h"

enum { BODY = 40, TABLE = ACPI_HEAD_BYTES + BODY, LENGTH_AT = 4, SUM_AT = 9 };

/* A body in which no two bytes in a row are the same. */
static void make(uint8_t table[TABLE])
{
	for (unsigned i = 0; i < TABLE; i++)
		table[i] = (uint8_t)(i * 7 + 1);
	assert_true(acpi_write(table, TABLE));
}

static enum acpi_verdict read_exact(const uint8_t *bytes, size_t len)
{
	uint8_t *copy = exact_copy(bytes, len);
	struct rd body;
	enum acpi_verdict v = acpi_read(rd_over(copy, len), &body);

	assert_true(rd_ok(&body));
	if (v != ACPI_OK)
		assert_int_equal(rd_left(&body), 0);
	free(copy);
	return v;
}

/* Every byte of the header is docs/handover.md's. */
static void the_header_is_the_documents(void **state)
{
	static const char head[ACPI_HEAD_BYTES + 1] =
		"RILL" "\x4c\0\0\0" "\x01" "\0" "RILL  " "HANDOVER" "\x01\0\0\0" "RILL" "\x01\0\0\0";
	uint8_t table[TABLE], body[BODY], sum = 0;

	(void)state;
	make(table);
	for (unsigned i = 0; i < TABLE; i++)
		sum = (uint8_t)(sum + table[i]);
	assert_int_equal(sum, 0);
	for (unsigned i = 0; i < BODY; i++)
		body[i] = (uint8_t)((ACPI_HEAD_BYTES + i) * 7 + 1);
	assert_memory_equal(table + ACPI_HEAD_BYTES, body, BODY);
	table[SUM_AT] = 0;
	assert_memory_equal(table, head, ACPI_HEAD_BYTES);
}

static void what_is_written_is_read(void **state)
{
	uint8_t table[TABLE];
	struct rd body;

	(void)state;
	make(table);
	assert_int_equal(acpi_read(rd_over(table, TABLE), &body), ACPI_OK);
	assert_int_equal(rd_left(&body), BODY);
	assert_true(rd_is(&body, table + ACPI_HEAD_BYTES, BODY));
	/* without a body it is a table, too; and writing it again changes nothing */
	assert_true(acpi_write(table, ACPI_HEAD_BYTES));
	assert_int_equal(read_exact(table, ACPI_HEAD_BYTES), ACPI_OK);
	assert_true(acpi_write(table, ACPI_HEAD_BYTES));
	assert_int_equal(read_exact(table, ACPI_HEAD_BYTES), ACPI_OK);
}

static void a_long_one_has_its_length(void **state)
{
	enum { LONG = 0x10203 };
	uint8_t *table = calloc(1, LONG);
	struct rd body;

	(void)state;
	assert_true(acpi_write(table, LONG));
	assert_memory_equal(table + LENGTH_AT, "\x03\x02\x01\0", 4);
	assert_int_equal(acpi_read(rd_over(table, LONG), &body), ACPI_OK);
	free(table);
}

static void no_prefix_is_a_table(void **state)
{
	uint8_t table[TABLE];

	(void)state;
	make(table);
	for (size_t len = 0; len < TABLE; len++)
		assert_int_equal(read_exact(table, len), len < ACPI_HEAD_BYTES ? ACPI_CUT_OFF : ACPI_WRONG_LENGTH);
	for (size_t len = 0; len < ACPI_HEAD_BYTES; len++) {
		uint8_t *room = exact_copy(table, len);

		assert_false(acpi_write(room, len));
		assert_memory_equal(room, table, len);
		free(room);
	}
}

static void no_flipped_bit_goes_unseen(void **state)
{
	uint8_t table[TABLE];

	(void)state;
	make(table);
	for (size_t bit = 0; bit < TABLE * 8; bit++) {
		size_t at = bit / 8;
		enum acpi_verdict right = ACPI_WRONG_SUM;

		if (at < LENGTH_AT)
			right = ACPI_FOREIGN;
		else if (at < LENGTH_AT + 4)
			right = ACPI_WRONG_LENGTH;


		table[at] ^= (uint8_t)(1u << bit % 8);
		assert_int_equal(read_exact(table, TABLE), right);
		table[at] ^= (uint8_t)(1u << bit % 8);
	}
}

/* A table may be longer than its length says only where somebody read too far; and longer it must not say. */
static void its_length_is_that_of_what_was_read(void **state)
{
	uint8_t table[TABLE + 1] = { 0 };

	(void)state;
	make(table);
	assert_int_equal(read_exact(table, TABLE + 1), ACPI_WRONG_LENGTH);
	table[LENGTH_AT]++;
	table[SUM_AT]--;
	assert_int_equal(read_exact(table, TABLE), ACPI_WRONG_LENGTH);
	assert_int_equal(read_exact(table, TABLE + 1), ACPI_OK);
}

static void each_verdict_has_words(void **state)
{
	(void)state;
	for (unsigned v = ACPI_OK; v < ACPI_WRONG_SUM; v++)
		assert_true(strcmp(acpi_verdict_text((enum acpi_verdict)v),
		                   acpi_verdict_text((enum acpi_verdict)(v + 1))));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_header_is_the_documents),
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(a_long_one_has_its_length),
		cmocka_unit_test(no_prefix_is_a_table),
		cmocka_unit_test(no_flipped_bit_goes_unseen),
		cmocka_unit_test(its_length_is_that_of_what_was_read),
		cmocka_unit_test(each_verdict_has_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
