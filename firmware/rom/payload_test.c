/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/rom/lzma.h"
#include "firmware/rom/payload.h"
#include "firmware/rom/sample.h"

static uint8_t  packed[SAMPLE_ROOM];
static size_t   packed_bytes;
static uint16_t odds[LZMA_ODDS];

static int read_sample(void **state)
{
	(void)state;
	packed_bytes = sample_read(packed);
	return 0;
}

static enum payload_verdict unpack(const uint8_t *from, size_t len, size_t room)
{
	uint8_t *in = exact_copy(from, len), *out = malloc(room ? room : 1);
	size_t bytes = 0;
	enum payload_verdict v = payload_unpack(rd_over(in, len), odds, out, room, &bytes);

	if (v == PAYLOAD_GOOD) {
		assert_int_equal(bytes, SAMPLE_BYTES);
		assert_memory_equal(out, "Rill boots a computer that has no disk. ", 40);
	}
	free(in);
	free(out);
	return v;
}

static void the_sum_is_zlib_s(void **state)
{
	(void)state;
	assert_int_equal(payload_crc((const uint8_t *)"123456789", 9), 0xcbf43926);
	assert_int_equal(payload_crc(NULL, 0), 0);
}

static void a_payload_is_unpacked_and_its_calls_are_as_they_were(void **state)
{
	struct rd r = rd_over(packed, packed_bytes);
	struct payload_head head;

	(void)state;
	assert_true(payload_head(&r, &head));
	assert_int_equal(head.bytes, SAMPLE_BYTES);
	assert_int_equal(unpack(packed, packed_bytes, SAMPLE_BYTES), PAYLOAD_GOOD);
	assert_int_equal(unpack(packed, packed_bytes, SAMPLE_BYTES + 1), PAYLOAD_GOOD);
}

static void without_room_nothing_is_unpacked(void **state)
{
	(void)state;
	assert_int_equal(unpack(packed, packed_bytes, SAMPLE_BYTES - 1), PAYLOAD_NO_ROOM);
	assert_int_equal(unpack(packed, packed_bytes, 0), PAYLOAD_NO_ROOM);
}

static void every_prefix_is_damaged(void **state)
{
	(void)state;
	for (size_t len = 0; len < packed_bytes; len++)
		assert_int_equal(unpack(packed, len, SAMPLE_BYTES), PAYLOAD_DAMAGED);
}

static void every_flipped_bit_is_noticed(void **state)
{
	uint8_t flipped[SAMPLE_ROOM];

	(void)state;
	for (size_t bit = 0; bit < 8 * packed_bytes; bit++) {
		memcpy(flipped, packed, packed_bytes);
		flipped[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_true(unpack(flipped, packed_bytes, SAMPLE_BYTES) != PAYLOAD_GOOD);
	}
}

static void nonsense_in_the_head_is_damaged(void **state)
{
	uint8_t none[PAYLOAD_HEAD_BYTES] = { 0 }, huge[PAYLOAD_HEAD_BYTES] = { 0, 0x10 };

	(void)state;
	assert_int_equal(unpack(none, sizeof none, SAMPLE_BYTES), PAYLOAD_DAMAGED);
	assert_int_equal(unpack(huge, sizeof huge, SAMPLE_BYTES), PAYLOAD_DAMAGED);
}

#define with_sample(test) cmocka_unit_test_setup_teardown(test, read_sample, NULL)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_sum_is_zlib_s),
		with_sample(a_payload_is_unpacked_and_its_calls_are_as_they_were),
		with_sample(without_room_nothing_is_unpacked),
		with_sample(every_prefix_is_damaged),
		with_sample(every_flipped_bit_is_noticed),
		cmocka_unit_test(nonsense_in_the_head_is_damaged),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
