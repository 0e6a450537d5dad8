/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/fmt.h"
#include "lib/test.h"
#include "loader/failure.h"

static char page[64 * 1024];

static void every_failure_has_its_entry_in_the_manual(void **state)
{
	FILE *f = fopen("docs/errors.md", "r");
	unsigned entries = 0;
	size_t len;

	(void)state;
	assert_non_null(f);
	len = fread(page, 1, sizeof page - 1, f);
	fclose(f);
	page[len] = 0;
	for (int code = FAILURE_NONE + 1; code < FAILURE_CODES; code++) {
		const struct failure_text *t = failure_text((enum failure_code)code);
		char line[600];

		assert_non_null(t->code);
		assert_true(strlen(t->code) >= 7 && strlen(t->text) > 5 && strlen(t->hint) > 5);
		fmt_text(line, sizeof line, "\n## %s: %s\n\n*To do: %s.*\n", t->code, t->text, t->hint);
		if (!strstr(page, line))
			fail_msg("docs/errors.md lacks:%s", line);
	}
	/* and no entry of what does not exist */
	for (const char *at = page; (at = strstr(at, "\n## ")) != NULL; at++)
		entries++;
	assert_int_equal(entries, FAILURE_CODES - 1);
}

static void nonsense_has_an_empty_text(void **state)
{
	(void)state;
	assert_string_equal(failure_text(FAILURE_CODES)->code, "");
	assert_string_equal(failure_text(FAILURE_NONE)->hint, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_failure_has_its_entry_in_the_manual),
		cmocka_unit_test(nonsense_has_an_empty_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
