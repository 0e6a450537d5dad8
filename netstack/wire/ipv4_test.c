/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/test.h"
#include "netstack/wire/checksum.h"
#include "netstack/wire/ipv4.h"

/* The header everybody's textbook computes: its checksum is b861. */
static const uint8_t packet[] = {
	0x45, 0, 0, 0x73, 0, 0, 0x40, 0, 0x40, 0x11, 0xb8, 0x61, 0xc0, 0xa8, 0, 1, 0xc0, 0xa8, 0, 0xc7,
};
enum { WHOLE = 0x73 };

static uint8_t whole[WHOLE + 7];        /* with Ethernet's padding */

static enum ipv4_verdict parse_exact(const uint8_t *bytes, size_t len, struct ipv4_head *h, size_t *left)
{
	uint8_t *copy = exact_copy(bytes, len);
	struct rd r = rd_over(copy, len);
	enum ipv4_verdict verdict = ipv4_parse(&r, h);

	*left = rd_left(&r);
	free(copy);
	return verdict;
}

static void build(void)
{
	memset(whole, 'x', sizeof whole);
	memcpy(whole, packet, sizeof packet);
}

static void fix_checksum(size_t head_len)
{
	struct wr w = wr_over(whole + 10, 2);

	wr_be16(&w, 0);
	w = wr_over(whole + 10, 2);
	wr_be16(&w, checksum_done(checksum_add(0, rd_over(whole, head_len))));
}

static void a_good_packet_gives_its_values(void **state)
{
	struct ipv4_head h;
	size_t left;
	uint8_t again[IPV4_HEAD];
	struct wr w = wr_over(again, sizeof again);

	(void)state;
	build();
	assert_int_equal(parse_exact(whole, sizeof whole, &h, &left), IPV4_FINE);
	assert_int_equal(left, WHOLE - IPV4_HEAD);      /* the padding is gone */
	assert_int_equal(h.src, 0xc0a80001);
	assert_int_equal(h.dst, 0xc0a800c7);
	assert_int_equal(h.protocol, IPV4_UDP);
	assert_int_equal(h.ttl, IPV4_TTL);
	ipv4_emit(&w, &h, left);
	assert_memory_equal(again, packet, sizeof packet);
}

static void options_are_skipped_and_fragments_known(void **state)
{
	struct ipv4_head h;
	size_t left;

	(void)state;
	build();
	whole[0] = 0x46;
	fix_checksum(24);
	assert_int_equal(parse_exact(whole, sizeof whole, &h, &left), IPV4_FINE);
	assert_int_equal(left, WHOLE - 24);
	build();
	whole[6] = 0x20;                        /* more to come */
	fix_checksum(20);
	assert_int_equal(parse_exact(whole, sizeof whole, &h, &left), IPV4_FRAGMENT);
	whole[6] = 0;
	whole[7] = 1;                           /* not the first */
	fix_checksum(20);
	assert_int_equal(parse_exact(whole, sizeof whole, &h, &left), IPV4_FRAGMENT);
}

static void lengths_that_lie_are_malformed(void **state)
{
	struct ipv4_head h;
	size_t left;

	(void)state;
	build();
	whole[0] = 0x44;                        /* a header of 16 bytes */
	fix_checksum(16);
	assert_int_equal(parse_exact(whole, sizeof whole, &h, &left), IPV4_MALFORMED);
	build();
	whole[3] = 19;                          /* less than its header */
	fix_checksum(20);
	assert_int_equal(parse_exact(whole, sizeof whole, &h, &left), IPV4_MALFORMED);
	whole[3] = sizeof whole + 1;            /* more than there is */
	fix_checksum(20);
	assert_int_equal(parse_exact(whole, sizeof whole, &h, &left), IPV4_MALFORMED);
}

static void a_prefix_is_malformed(void **state)
{
	struct ipv4_head h;
	size_t left;

	(void)state;
	build();
	for (size_t cut = 0; cut < WHOLE; cut++)
		assert_int_equal(parse_exact(whole, cut, &h, &left), IPV4_MALFORMED);
	assert_int_equal(parse_exact(whole, WHOLE, &h, &left), IPV4_FINE);
}

static void a_flipped_bit_in_the_header_is_noticed(void **state)
{
	struct ipv4_head h;
	size_t left;

	(void)state;
	build();
	for (size_t i = 0; i < IPV4_HEAD * 8; i++) {
		enum ipv4_verdict verdict;

		whole[i / 8] ^= (uint8_t)(1u << i % 8);
		verdict = parse_exact(whole, sizeof whole, &h, &left);
		assert_true(verdict == IPV4_BAD_CHECKSUM || verdict == IPV4_MALFORMED);
		whole[i / 8] ^= (uint8_t)(1u << i % 8);
	}
}

static void a_quoted_header_may_be_cut_and_changed(void **state)
{
	struct ipv4_head h;

	(void)state;
	build();
	whole[8] = 1;                           /* TTL, without a new checksum */
	for (size_t cut = 0; cut < WHOLE; cut++) {
		uint8_t *copy = exact_copy(whole, cut);
		struct rd r = rd_over(copy, cut);

		assert_int_equal(ipv4_parse_quoted(&r, &h), cut >= IPV4_HEAD);
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_packet_gives_its_values),
		cmocka_unit_test(options_are_skipped_and_fragments_known),
		cmocka_unit_test(lengths_that_lie_are_malformed),
		cmocka_unit_test(a_prefix_is_malformed),
		cmocka_unit_test(a_flipped_bit_in_the_header_is_noticed),
		cmocka_unit_test(a_quoted_header_may_be_cut_and_changed),
	};

	return cmocka_run_group_tests_name("wire/ipv4", tests, NULL, NULL);
}
