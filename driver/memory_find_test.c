/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/test.h"
#include <unistd.h>
#include "driver/memory.h"

enum { MEMORY = 0xa0000, BASE_KB_AT = 0x413 };

static uint8_t memory[MEMORY];

static void silent(struct log *log, char c)
{
	(void)log;
	(void)c;
}

/* A block at `at`, 40:13 saying `base_end`, in a file as /dev/mem would show them. */
static bool find(uint32_t at, uint32_t base_end, struct handover *h)
{
	static const struct handover block = {
		.disk = "debian", .size = 4096, .content = { { 1 } }, .ticket = { { 1 }, 9 }, .session = 77,
		.server_current = { .port = 6910 }, .servers = { { .port = 6910 } }, .server_count = 1,
		.mac = { 2 }, .mtu = 1500, .lease = { .prefix = 24, .lease_s = 60 },
	};
	char path[] = "/tmp/rill-memory-XXXXXX";
	struct kmsg k = { .log = { .put_char = silent }, .file = -1 };
	int file = mkstemp(path);
	bool found;

	memset(memory, 0, sizeof memory);
	memory[BASE_KB_AT]     = (uint8_t)(base_end >> 10);
	memory[BASE_KB_AT + 1] = (uint8_t)(base_end >> 18);
	if (at)
		assert_true(handover_write(memory + at, MEMORY - at, &block) > 0);
	assert_true(file >= 0);
	assert_true(write(file, memory, MEMORY) == MEMORY);
	close(file);
	found = memory_find_handover(&k, path, h);
	unlink(path);
	return found;
}

static void where_the_word_says(void **state)
{
	struct handover h;

	(void)state;
	assert_true(find(0x94000, 0x90000, &h));
	assert_true(h.session == 77);
	assert_true(find(0x9fc00, 0x9fc00, &h));
}

/* docs/handover.md: from the word at 40:13 on, wherever that is; a ROM that needs much puts it below 512 KiB. */
static void below_512_kib_too(void **state)
{
	struct handover h;

	(void)state;
	assert_true(find(0x7e000, 0x7a000, &h));
	assert_true(h.session == 77);
	assert_true(find(0x7fff0, 0x7a000, &h));
	assert_true(find(0x24000, 0x20000, &h));
}

static void without_a_word_from_80000h(void **state)
{
	struct handover h;

	(void)state;
	assert_true(find(0x80000, 0, &h));
	assert_true(find(0x90010, 0xffff << 10, &h));
	assert_true(find(0x84000, 0x9fc00, &h));        /* somebody moved it behind our back */
	assert_false(find(0x7e000, 0, &h));
	assert_false(find(0, 0x7a000, &h));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(where_the_word_says),
		cmocka_unit_test(below_512_kib_too),
		cmocka_unit_test(without_a_word_from_80000h),
	};

	return cmocka_run_group_tests_name("driver/memory_find", tests, NULL, NULL);
}
