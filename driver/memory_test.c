/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "driver/memory.h"
#include "lib/test.h"

enum { ROOM = 8192, BASE = 0x9c000 };

static struct handover sample(void)
{
	struct handover h = {
		.disk = "debian", .ticket = { .len = 3 }, .size = (uint64_t)1 << 30, .version = 1,
		.session = 42, .next_request = 7, .client_port = 5555, .window = 8, .segment = 1408,
		.mode = MODE_READ_ONLY, .drive = 0x80, .server_count = 1, .expires_s = 3600, .mtu = 1500,
		.mac = { 0x52, 0x54, 0, 1, 2, 3 }, .pci = 0xffff, .lease = { .prefix = 24 },
	};

	h.lease.address = handover_ipv4(0x0a00020f);
	h.servers[0] = h.server_current = stream_address_ipv4(0x0a000202, 6910);
	return h;
}

static size_t put_block(uint8_t *memory, size_t at, uint64_t session)
{
	struct handover h = sample();
	size_t len;

	h.session = session;
	len = handover_write(memory + at, HANDOVER_BYTES_MAX, &h);
	assert_true(len > HANDOVER_HEAD_BYTES);
	return len;
}

static enum handover_verdict search(const uint8_t *memory, size_t len, struct handover *h, uint32_t *at)
{
	const char *missing;
	uint8_t *copy = exact_copy(memory, len);
	enum handover_verdict v = memory_search(copy, len, BASE, h, at, &missing);

	free(copy);
	return v;
}

static void found_at_any_paragraph(void **state)
{
	(void)state;
	for (size_t at = 0; at < 64; at += 8) {
		uint8_t memory[ROOM] = { 0 };
		size_t len = put_block(memory, at, 42);
		struct handover h;
		uint32_t found = 0;
		enum handover_verdict v = search(memory, at + len, &h, &found);

		assert_int_equal(v, at % 16 ? HANDOVER_NO_BLOCK : HANDOVER_OK);
		if (v == HANDOVER_OK) {
			assert_int_equal(found, BASE + at);
			assert_true(h.session == 42);
		}
	}
}

/* H1: a stale, damaged copy lies before the good block. */
static void a_damaged_one_is_passed_over(void **state)
{
	uint8_t memory[ROOM] = { 0 };
	struct handover h;
	uint32_t found;

	(void)state;
	put_block(memory, 0, 41);
	put_block(memory, 1024, 42);
	memory[30] ^= 1;
	assert_int_equal(search(memory, sizeof memory, &h, &found), HANDOVER_OK);
	assert_true(h.session == 42 && found == BASE + 1024);
	memory[1024 + 30] ^= 1;
	assert_int_equal(search(memory, sizeof memory, &h, &found), HANDOVER_DAMAGED);
}

static void one_that_is_cut_off_is_damaged(void **state)
{
	uint8_t memory[ROOM] = { 0 };
	size_t len = put_block(memory, 16, 42);
	struct handover h;
	uint32_t found;

	(void)state;
	for (size_t n = 0; n < 16 + len; n++)
		assert_int_not_equal(search(memory, n, &h, &found), HANDOVER_OK);
	assert_int_equal(search(memory, 16 + len, &h, &found), HANDOVER_OK);
}

static void swallow(struct log *log, char c)
{
	(void)log;
	(void)c;
}

static void a_file_can_stand_for_memory(void **state)
{
	static uint8_t memory[0xa0000];
	struct kmsg quiet = { .log = { .put_char = swallow } };
	char path[] = "/tmp/memory_test.XXXXXX";
	int f = mkstemp(path);
	FILE *file = fdopen(f, "wb");
	struct handover h;

	(void)state;
	put_block(memory, BASE, 42);
	assert_int_equal(fwrite(memory, sizeof memory, 1, file), 1);
	fclose(file);
	assert_true(memory_find_handover(&quiet, path, &h));
	assert_true(h.session == 42);
	remove(path);
	assert_false(memory_find_handover(&quiet, path, &h));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(found_at_any_paragraph),
		cmocka_unit_test(a_damaged_one_is_passed_over),
		cmocka_unit_test(one_that_is_cut_off_is_damaged),
		cmocka_unit_test(a_file_can_stand_for_memory),
	};

	return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
