/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "driver/genl.h"
#include <linux/genetlink.h>
#include <linux/nbd-netlink.h>
#include "lib/test.h"

static const struct genl_disk disk = {
	.index = 2, .size = (uint64_t)3 << 30, .block = 512, .flags = 3, .timeout_s = 0, .dead_s = 3600,
	.sockets = { 5, 7 }, .socket_count = 2,
};

static void u16_is(const uint8_t *at, uint16_t right) { assert_memory_equal(at, &right, 2); }
static void u32_is(const uint8_t *at, uint32_t right) { assert_memory_equal(at, &right, 4); }
static void u64_is(const uint8_t *at, uint64_t right) { assert_memory_equal(at, &right, 8); }

static void asks_for_the_family(void **state)
{
	uint8_t m[64];
	struct wr w = wr_over(m, sizeof m);

	(void)state;
	wr_genl_family(&w, 9, "nbd");
	assert_true(wr_ok(&w));
	assert_int_equal(wr_used(&w, m), 28);
	u32_is(m, 28);
	u16_is(m + 4, GENL_ID_CTRL);
	u16_is(m + 6, NLM_F_REQUEST | NLM_F_ACK);
	u32_is(m + 8, 9);
	assert_int_equal(m[16], CTRL_CMD_GETFAMILY);
	u16_is(m + 20, 8);
	u16_is(m + 22, CTRL_ATTR_FAMILY_NAME);
	assert_string_equal((char *)m + 24, "nbd");
}

/* Offsets as `strace -e sendmsg nbd-client` would show them: attributes in the order they are written. */
static void gives_a_disk(void **state)
{
	uint8_t m[GENL_MESSAGE_MAX];
	struct wr w = wr_over(m, sizeof m);
	size_t len;

	(void)state;
	wr_genl_connect(&w, 2, 33, &disk);
	len = wr_used(&w, m);
	assert_true(wr_ok(&w));
	assert_int_equal(len, 20 + 8 + 5 * 12 + 4 + 2 * 12);
	u32_is(m, (uint32_t)len);
	u16_is(m + 4, 33);
	assert_int_equal(m[16], NBD_CMD_CONNECT);
	u16_is(m + 22, NBD_ATTR_INDEX);
	u32_is(m + 24, 2);
	u16_is(m + 30, NBD_ATTR_SIZE_BYTES);
	u64_is(m + 32, disk.size);
	u16_is(m + 42, NBD_ATTR_BLOCK_SIZE_BYTES);
	u64_is(m + 44, 512);
	u16_is(m + 54, NBD_ATTR_SERVER_FLAGS);
	u64_is(m + 56, 3);
	u16_is(m + 66, NBD_ATTR_TIMEOUT);
	u64_is(m + 68, 0);
	u16_is(m + 78, NBD_ATTR_DEAD_CONN_TIMEOUT);
	u64_is(m + 80, 3600);
	u16_is(m + 88, 4 + 2 * 12);
	u16_is(m + 90, NBD_ATTR_SOCKETS | NLA_F_NESTED);
	u16_is(m + 92, 12);
	u16_is(m + 94, NBD_SOCK_ITEM | NLA_F_NESTED);
	u16_is(m + 96, 8);
	u16_is(m + 98, NBD_SOCK_FD);
	u32_is(m + 100, 5);
	u32_is(m + 112, 7);
}

static void any_index_is_no_attribute(void **state)
{
	struct genl_disk any = disk;
	uint8_t m[GENL_MESSAGE_MAX];
	struct wr w = wr_over(m, sizeof m);

	(void)state;
	any.index = -1;
	wr_genl_connect(&w, 2, 33, &any);
	u16_is(m + 22, NBD_ATTR_SIZE_BYTES);
}

static void never_writes_past_its_room(void **state)
{
	(void)state;
	for (size_t room = 0; room < 116; room++) {
		uint8_t *m = malloc(room ? room : 1);
		struct wr w = wr_over(m, room);

		wr_genl_connect(&w, 2, 33, &disk);
		assert_false(wr_ok(&w));
		free(m);
	}
}

/* A connect's answer: the index, then the acknowledgement. */
static size_t good_answer(uint8_t *m, size_t size)
{
	struct wr w = wr_over(m, size);
	const uint32_t index[] = { 28, 33, 2, 4242, 1, 8 | NBD_ATTR_INDEX << 16, 3 };
	const uint32_t done[]  = { 36, NLMSG_ERROR, 2, 4242, 0, 116, 33, 2, 4242 };

	wr_bytes(&w, index, sizeof index);
	wr_bytes(&w, done, sizeof done);
	return wr_used(&w, m);
}

static void reads_what_the_kernel_answers(void **state)
{
	uint8_t m[64];
	size_t len = good_answer(m, sizeof m);
	struct rd r = rd_over(m, len);
	struct genl_reply reply;

	(void)state;
	assert_true(rd_genl_reply(&r, &reply));
	assert_true(reply.has_index && !reply.is_error && reply.index == 3 && reply.sequence == 2);
	assert_true(rd_genl_reply(&r, &reply));
	assert_true(reply.is_error && reply.error == 0 && !reply.has_index);
	assert_false(rd_genl_reply(&r, &reply));
	assert_true(rd_done(&r));
}

static void reads_an_error(void **state)
{
	const uint32_t busy[] = { 36, NLMSG_ERROR, 2, 4242, (uint32_t)-16, 116, 33, 2, 4242 };
	struct rd r = rd_over(busy, sizeof busy);
	struct genl_reply reply;

	(void)state;
	assert_true(rd_genl_reply(&r, &reply));
	assert_true(reply.is_error);
	assert_int_equal(reply.error, -16);
}

static void read_all(const uint8_t *m, size_t len)
{
	struct rd r = rd_over(m, len);
	struct genl_reply reply;

	while (rd_genl_reply(&r, &reply))
		;
}

/* Nothing to assert but the end: the sanitizers watch every read. */
static void every_prefix_and_bit_flip_ends(void **state)
{
	uint8_t m[64];
	size_t len = good_answer(m, sizeof m);

	(void)state;
	for (size_t n = 0; n < len; n++) {
		uint8_t *copy = exact_copy(m, n);
		struct rd r = rd_over(copy, n);
		struct genl_reply reply;

		assert_true(rd_genl_reply(&r, &reply) == (n >= 28));
		read_all(copy, n);
		free(copy);
	}
	for (size_t bit = 0; bit < 8 * len; bit++) {
		uint8_t *copy = exact_copy(m, len);

		copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
		read_all(copy, len);
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(asks_for_the_family),
		cmocka_unit_test(gives_a_disk),
		cmocka_unit_test(any_index_is_no_attribute),
		cmocka_unit_test(never_writes_past_its_room),
		cmocka_unit_test(reads_what_the_kernel_answers),
		cmocka_unit_test(reads_an_error),
		cmocka_unit_test(every_prefix_and_bit_flip_ends),
	};

	return cmocka_run_group_tests_name("genl", tests, NULL, NULL);
}
