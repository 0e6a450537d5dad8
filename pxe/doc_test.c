/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Holds the table of docs/pxe-api.md against the one in pxe/api.c; runs from the root of the tree. */
#include <string.h>
#include "lib/test.h"
#include "pxe/api.h"

enum { ROW_MAX = 400 };

/* The n-th cell of a row, trimmed. */
static void cell(const char *row, unsigned n, char *to, size_t size)
{
	const char *end;

	for (; n; n--) {
		row = strchr(row + 1, '|');
		assert_non_null(row);
	}
	for (row++; *row == ' '; row++)
		;
	end = strchr(row, '|');
	assert_non_null(end);
	while (end > row && end[-1] == ' ')
		end--;
	assert_true((size_t)(end - row) < size);
	memcpy(to, row, (size_t)(end - row));
	to[end - row] = '\0';
}

static void expect_row(const char *row, const struct pxe_call *c)
{
	static const char *const states[] = { "any", "loaded", "started", "initialized", "opened" };
	char text[ROW_MAX], opcode[8];

	snprintf(opcode, sizeof opcode, "%04X", c->opcode);
	cell(row, 0, text, sizeof text);
	assert_string_equal(text, opcode);
	cell(row, 2, text, sizeof text);
	assert_int_equal(atoi(text), c->bytes);
	cell(row, 3, text, sizeof text);
	assert_string_equal(text, states[c->least]);
	cell(row, 4, text, sizeof text);
	assert_string_equal(text, c->is_base ? "base" : "");
	cell(row, 5, text, sizeof text);
	assert_int_equal(strncmp(text, "UNSUPPORTED", 11) == 0, c->answer == NULL);
}

static bool is_opcode(const char *row)
{
	return strncmp(row, "| 00", 4) == 0 && strspn(row + 2, "0123456789ABCDEF") == 4 && row[6] == ' ';
}

static void the_document_has_every_opcode(void **state)
{
	FILE *f = fopen("docs/pxe-api.md", "r");
	char row[ROW_MAX];
	unsigned n = 0;

	(void)state;
	if (!f)
		fail_msg("docs/pxe-api.md cannot be read; run the test from the root of the tree");
	while (fgets(row, sizeof row, f))
		if (is_opcode(row)) {
			assert_non_null(pxe_api_table(n));
			expect_row(row, pxe_api_table(n++));
		}
	fclose(f);
	assert_null(pxe_api_table(n));
	assert_true(n > 30);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(the_document_has_every_opcode) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
