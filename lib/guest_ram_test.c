/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* A small window, byte by byte. */
#include "lib/guest_ram.h"
#include "lib/test.h"

enum { SIZE = 24, HOLES = 8 };

static bool is_his(const struct guest_ram *ram, uint64_t at)
{
	return at < ram->size && !(at >= ram->hole && at < ram->hole + ram->hole_size);
}

static uint64_t count_his(const struct guest_ram *ram, uint64_t at)
{
	uint64_t n = 0;

	while (is_his(ram, at + n))
		n++;
	return n;
}

static void expect_as_counted(const struct guest_ram *ram)
{
	for (uint64_t at = 0; at < SIZE + 4; at++) {
		const uint64_t his = count_his(ram, at);

		assert_int_equal(guest_room(ram, at), his);
		for (uint64_t len = 1; len < SIZE + 4; len++) {
			uint8_t *p = guest_flat(ram, at, len);

			assert_true(len <= his ? p == ram->base + at : p == NULL);
			assert_true(guest_at(ram, (uint16_t)(at / 16), (uint16_t)(at % 16), len) == p);
		}
	}
}

static void what_is_not_his_is_not_given(void **state)
{
	uint8_t memory[SIZE] = { 0 };

	(void)state;
	for (uint64_t hole = 0; hole < SIZE + 4; hole++)
		for (uint64_t bytes = 0; bytes < HOLES; bytes++)
			expect_as_counted(&(struct guest_ram){ memory, SIZE, hole, bytes });
}

static void addresses_do_not_wrap(void **state)
{
	uint8_t memory[SIZE] = { 0 };
	const struct guest_ram ram = { memory, SIZE, 4, 4 };

	(void)state;
	assert_null(guest_flat(&ram, UINT64_MAX, 1));
	assert_null(guest_flat(&ram, 1, UINT64_MAX));
	assert_null(guest_flat(&ram, UINT64_MAX, UINT64_MAX));
	assert_null(guest_at(&ram, 0xffff, 0xffff, 1));
	assert_int_equal(guest_room(&ram, UINT64_MAX), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_his_is_not_given), cmocka_unit_test(addresses_do_not_wrap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
