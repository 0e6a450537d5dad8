/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/test.h"
#include "server/crc32c.h"

static void instruction_and_table_agree(void **state)
{
	uint32_t seed = 1;

	(void)state;
	assert_int_equal(crc32c(0, "123456789", 9), 0xe3069283);
	for (size_t len = 0; len < 1500; len += len < 100 ? 1 : 37) {
		for (size_t at = 0; at < 9; at++) {             /* at every alignment, from an exact block */
			uint8_t *bytes = malloc(at + len + 1);

			for (size_t i = 0; i < at + len; i++)
				bytes[i] = (uint8_t)((seed = seed * 1664525 + 1013904223) >> 24);
			bytes = realloc(bytes, at + len ? at + len : 1);
			assert_int_equal(crc32c(seed, bytes + at, len), crc32c_by_table(seed, bytes + at, len));
			free(bytes);
		}
	}
}

static void a_crc_goes_on_where_it_stopped(void **state)
{
	uint8_t bytes[64];

	(void)state;
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)(i * 91);
	for (size_t cut = 0; cut <= sizeof bytes; cut++)
		assert_int_equal(crc32c(crc32c(0, bytes, cut), bytes + cut, sizeof bytes - cut),
		                 crc32c_by_table(0, bytes, sizeof bytes));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(instruction_and_table_agree),
		cmocka_unit_test(a_crc_goes_on_where_it_stopped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
