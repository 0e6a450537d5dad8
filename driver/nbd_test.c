/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "driver/nbd.h"
#include "lib/test.h"

#define DISK ((uint64_t)1 << 30)

static const uint8_t read_4k[NBD_REQUEST_BYTES] = {
	0x25, 0x60, 0x95, 0x13, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0x10, 0,
};

static void reads_what_the_kernel_asks(void **state)
{
	struct nbd_request r;
	enum nbd_error error;
	uint8_t again[NBD_REQUEST_BYTES];
	struct wr w = wr_over(again, sizeof again);

	(void)state;
	assert_true(rd_nbd_request(rd_over(read_4k, sizeof read_4k), &r));
	assert_int_equal(r.command, NBD_READ);
	assert_true(r.cookie == 0x0102030405060708ull);
	assert_true(r.offset == 65536);
	assert_int_equal(r.length, 4096);
	assert_int_equal(nbd_judge(&r, DISK, &error), NBD_SERVE_READ);
	wr_nbd_request(&w, &r);
	assert_true(wr_ok(&w));
	assert_memory_equal(again, read_4k, sizeof again);
}

static void every_prefix_and_every_longer_one_is_refused(void **state)
{
	struct nbd_request r;

	(void)state;
	for (size_t len = 0; len < sizeof read_4k; len++) {
		uint8_t *copy = exact_copy(read_4k, len);

		assert_false(rd_nbd_request(rd_over(copy, len), &r));
		free(copy);
	}
	{
		uint8_t longer[NBD_REQUEST_BYTES + 1] = { 0 };

		memcpy(longer, read_4k, sizeof read_4k);
		assert_false(rd_nbd_request(rd_over(longer, sizeof longer), &r));
	}
}

/* Whatever bits change: what is served lies on the disk, and only a broken magic breaks the stream. */
static void every_bit_flip_is_judged(void **state)
{
	(void)state;
	for (size_t bit = 0; bit < 8 * sizeof read_4k; bit++) {
		uint8_t *copy = exact_copy(read_4k, sizeof read_4k);
		struct nbd_request r;
		enum nbd_error error;

		copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_true(rd_nbd_request(rd_over(copy, sizeof read_4k), &r) == (bit >= 32));
		if (bit >= 32 && nbd_judge(&r, DISK, &error) == NBD_SERVE_READ)
			assert_true(r.offset + r.length <= DISK && r.length >= 512);
		free(copy);
	}
}

static enum nbd_verdict judged(uint16_t command, uint64_t offset, uint32_t length, enum nbd_error *error)
{
	struct nbd_request r = { .command = command, .offset = offset, .length = length };

	return nbd_judge(&r, DISK, error);
}

static void the_edges_of_the_disk(void **state)
{
	enum nbd_error error;

	(void)state;
	assert_int_equal(judged(NBD_READ, DISK - 512, 512, &error), NBD_SERVE_READ);
	assert_int_equal(judged(NBD_READ, DISK - 512, 1024, &error), NBD_ANSWER);
	assert_int_equal(error, NBD_EINVAL);
	assert_int_equal(judged(NBD_READ, UINT64_MAX - 511, 512, &error), NBD_ANSWER);
	assert_int_equal(judged(NBD_READ, 0, 0, &error), NBD_ANSWER);
	assert_int_equal(judged(NBD_READ, 1, 512, &error), NBD_ANSWER);
	assert_int_equal(judged(NBD_READ, 0, 100, &error), NBD_ANSWER);
	assert_int_equal(judged(NBD_READ, 0, NBD_LENGTH_MAX, &error), NBD_SERVE_READ);
	assert_int_equal(judged(NBD_READ, 0, NBD_LENGTH_MAX + 512, &error), NBD_ANSWER);
}

static void nothing_is_written_to_a_read_only_disk(void **state)
{
	enum nbd_error error;

	(void)state;
	assert_int_equal(judged(NBD_WRITE, 0, 512, &error), NBD_REFUSE_DATA);
	assert_int_equal(error, NBD_EPERM);
	assert_int_equal(judged(NBD_TRIM, 0, 512, &error), NBD_ANSWER);
	assert_int_equal(error, NBD_EPERM);
	assert_int_equal(judged(NBD_FLUSH, 0, 0, &error), NBD_ANSWER);
	assert_int_equal(error, NBD_OK);
	assert_int_equal(judged(77, 0, 512, &error), NBD_ANSWER);
	assert_int_equal(error, NBD_EINVAL);
	assert_int_equal(judged(NBD_DISC, 0, 0, &error), NBD_GOODBYE);
}

static void replies_are_sixteen_bytes(void **state)
{
	static const uint8_t right[NBD_REPLY_BYTES] = {
		0x67, 0x44, 0x66, 0x98, 0, 0, 0, 5, 1, 2, 3, 4, 5, 6, 7, 8,
	};
	uint8_t reply[NBD_REPLY_BYTES];
	struct wr w = wr_over(reply, sizeof reply);

	(void)state;
	wr_nbd_reply(&w, NBD_EIO, 0x0102030405060708ull);
	assert_true(wr_ok(&w) && wr_used(&w, reply) == sizeof reply);
	assert_memory_equal(reply, right, sizeof right);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_the_kernel_asks),
		cmocka_unit_test(every_prefix_and_every_longer_one_is_refused),
		cmocka_unit_test(every_bit_flip_is_judged),
		cmocka_unit_test(the_edges_of_the_disk),
		cmocka_unit_test(nothing_is_written_to_a_read_only_disk),
		cmocka_unit_test(replies_are_sixteen_bytes),
	};

	return cmocka_run_group_tests_name("nbd", tests, NULL, NULL);
}
