/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/test.h"
#include "netstack/wire/eth.h"

static const uint8_t plain[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0x08, 0x06, 'p', 'a', 'y' };
static const uint8_t tagged[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0x81, 0x00, 0xe0, 0x00, 0x08, 0x00, 'p' };

/* Parses a heap copy of exactly these bytes; how many are left, or -1. */
static int parse_exact(const uint8_t *bytes, size_t len, struct eth_head *h)
{
	uint8_t *copy = exact_copy(bytes, len);
	struct rd r = rd_over(copy, len);
	int left = eth_parse(&r, h) ? (int)rd_left(&r) : -1;

	free(copy);
	return left;
}

static void a_good_frame_gives_its_values(void **state)
{
	struct eth_head h;
	uint8_t again[ETH_HEAD];
	struct wr w = wr_over(again, sizeof again);

	(void)state;
	assert_int_equal(parse_exact(plain, sizeof plain, &h), 3);
	assert_memory_equal(h.dst, plain, 6);
	assert_memory_equal(h.src, plain + 6, 6);
	assert_int_equal(h.type, ETH_ARP);
	eth_emit(&w, &h);
	assert_memory_equal(again, plain, ETH_HEAD);
}

static void a_tag_tells_its_vlan_and_its_priority_is_read_over(void **state)
{
	uint8_t bytes[sizeof tagged];
	struct eth_head h;

	(void)state;
	assert_int_equal(parse_exact(plain, sizeof plain, &h), 3);
	assert_int_equal(h.vlan, 0);
	assert_int_equal(parse_exact(tagged, sizeof tagged, &h), 1);
	assert_int_equal(h.type, ETH_IPV4);
	assert_int_equal(h.vlan, 0);
	memcpy(bytes, tagged, sizeof bytes);
	bytes[14] = 0xef;
	bytes[15] = 0xfe;
	assert_int_equal(parse_exact(bytes, sizeof bytes, &h), 1);
	assert_int_equal(h.type, ETH_IPV4);
	assert_int_equal(h.vlan, ETH_VLAN_MAX);
	bytes[16] = 0x81;               /* a tag in a tag */
	assert_int_equal(parse_exact(bytes, sizeof bytes, &h), 1);
	assert_int_equal(h.type, ETH_VLAN);
}

static void a_tag_is_put_in_and_read_back(void **state)
{
	uint8_t bytes[sizeof plain + ETH_TAG];
	struct wr w = wr_over(bytes, sizeof bytes), small = wr_over(bytes, sizeof plain);
	struct eth_head h;

	(void)state;
	eth_emit_tagged(&w, rd_over(plain, sizeof plain), 7);
	assert_true(wr_ok(&w));
	assert_int_equal(wr_used(&w, bytes), sizeof bytes);
	assert_int_equal(parse_exact(bytes, sizeof bytes, &h), 3);
	assert_int_equal(h.type, ETH_ARP);
	assert_int_equal(h.vlan, 7);
	assert_memory_equal(h.dst, plain, 6);
	assert_memory_equal(h.src, plain + 6, 6);
	eth_emit_tagged(&small, rd_over(plain, sizeof plain), 7);
	assert_false(wr_ok(&small));
}

static void a_prefix_is_no_frame(void **state)
{
	struct eth_head h;

	(void)state;
	for (size_t cut = 0; cut < sizeof plain; cut++)
		assert_int_equal(parse_exact(plain, cut, &h), cut < ETH_HEAD ? -1 : (int)cut - ETH_HEAD);
	for (size_t cut = 0; cut < 18; cut++)
		assert_int_equal(parse_exact(tagged, cut, &h), -1);
}

static void a_flipped_bit_is_a_different_value(void **state)
{
	struct eth_head good, h;

	(void)state;
	parse_exact(plain, sizeof plain, &good);
	for (size_t i = 0; i < ETH_HEAD * 8; i++) {
		uint8_t bytes[sizeof plain];

		memcpy(bytes, plain, sizeof bytes);
		bytes[i / 8] ^= (uint8_t)(1u << i % 8);
		assert_int_equal(parse_exact(bytes, sizeof bytes, &h), 3);
		assert_true(memcmp(h.dst, good.dst, 6) != 0 || memcmp(h.src, good.src, 6) != 0 || h.type != good.type);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_frame_gives_its_values),
		cmocka_unit_test(a_tag_tells_its_vlan_and_its_priority_is_read_over),
		cmocka_unit_test(a_tag_is_put_in_and_read_back),
		cmocka_unit_test(a_prefix_is_no_frame),
		cmocka_unit_test(a_flipped_bit_is_a_different_value),
	};

	return cmocka_run_group_tests_name("wire/eth", tests, NULL, NULL);
}
