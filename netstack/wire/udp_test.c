/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/test.h"
#include "netstack/wire/udp.h"

static const struct ipv4_head ip = { .src = 0xc0a80001, .dst = 0xc0a800c7, .protocol = IPV4_UDP };
static uint8_t segment[UDP_HEAD + 5 + 3];       /* five bytes, and padding */

static void build(void)
{
	struct wr w = wr_over(segment, sizeof segment);
	struct udp_head h = { 67, 68 };

	memset(segment, 0, sizeof segment);
	udp_emit(&w, &h, &ip, rd_over("hello", 5));
	wr_bytes(&w, "hello", 5);
}

static enum udp_verdict parse_exact(size_t len, struct udp_head *h, size_t *left)
{
	uint8_t *copy = exact_copy(segment, len);
	struct rd r = rd_over(copy, len);
	enum udp_verdict verdict = udp_parse(&r, &ip, h);

	*left = rd_left(&r);
	free(copy);
	return verdict;
}

static void a_good_segment_gives_its_values(void **state)
{
	struct udp_head h;
	size_t left;

	(void)state;
	build();
	assert_int_equal(parse_exact(sizeof segment, &h, &left), UDP_FINE);
	assert_int_equal(left, 5);
	assert_int_equal(h.src_port, 67);
	assert_int_equal(h.dst_port, 68);
	segment[6] = segment[7] = 0;            /* no checksum was made */
	segment[8] = 'j';
	assert_int_equal(parse_exact(sizeof segment, &h, &left), UDP_FINE);
}

static void a_checksum_of_zero_is_sent_as_ones(void **state)
{
	uint8_t bytes[UDP_HEAD + 2];
	struct udp_head h = { 0, 0 };
	struct rd r;

	(void)state;
	/* A payload that makes up for all the rest: the sum is ffff, the checksum 0. */
	for (unsigned v = 0; v <= UINT16_MAX; v++) {
		uint8_t payload[2] = { (uint8_t)(v >> 8), (uint8_t)v };
		struct wr w = wr_over(bytes, sizeof bytes);

		udp_emit(&w, &h, &ip, rd_over(payload, 2));
		wr_bytes(&w, payload, 2);
		assert_false(bytes[6] == 0 && bytes[7] == 0);
		r = rd_over(bytes, sizeof bytes);
		assert_int_equal(udp_parse(&r, &ip, &h), UDP_FINE);
	}
}

static void a_prefix_is_malformed(void **state)
{
	struct udp_head h;
	size_t left;

	(void)state;
	build();
	for (size_t cut = 0; cut < UDP_HEAD + 5; cut++)
		assert_int_equal(parse_exact(cut, &h, &left), UDP_MALFORMED);
	segment[5] = UDP_HEAD - 1;
	assert_int_equal(parse_exact(sizeof segment, &h, &left), UDP_MALFORMED);
}

static void a_flipped_bit_is_noticed(void **state)
{
	struct udp_head h;
	size_t left;

	(void)state;
	build();
	for (size_t i = 0; i < (UDP_HEAD + 5) * 8; i++) {
		segment[i / 8] ^= (uint8_t)(1u << i % 8);
		assert_true(parse_exact(sizeof segment, &h, &left) != UDP_FINE);
		segment[i / 8] ^= (uint8_t)(1u << i % 8);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_segment_gives_its_values),
		cmocka_unit_test(a_checksum_of_zero_is_sent_as_ones),
		cmocka_unit_test(a_prefix_is_malformed),
		cmocka_unit_test(a_flipped_bit_is_noticed),
	};

	return cmocka_run_group_tests_name("wire/udp", tests, NULL, NULL);
}
