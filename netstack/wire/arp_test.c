/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/test.h"
#include "netstack/wire/arp.h"

static const uint8_t reply[] = {
	0, 1, 8, 0, 6, 4, 0, 2,  2, 0, 0, 0, 0, 9, 10, 0, 0, 9,  2, 0, 0, 0, 0, 5, 10, 0, 0, 5,
};

static bool parse_exact(const uint8_t *bytes, size_t len, struct arp_packet *a)
{
	uint8_t *copy = exact_copy(bytes, len);
	bool ok = arp_parse(rd_over(copy, len), a);

	free(copy);
	return ok;
}

static void a_good_reply_gives_its_values(void **state)
{
	struct arp_packet a;
	uint8_t again[ARP_SIZE];
	struct wr w = wr_over(again, sizeof again);

	(void)state;
	assert_true(parse_exact(reply, sizeof reply, &a));
	assert_int_equal(a.op, ARP_REPLY);
	assert_int_equal(a.sender_ip, 0x0a000009);
	assert_int_equal(a.target_ip, 0x0a000005);
	assert_memory_equal(a.sender_mac, reply + 8, 6);
	assert_memory_equal(a.target_mac, reply + 18, 6);
	arp_emit(&w, &a);
	assert_memory_equal(again, reply, sizeof reply);
}

static void a_prefix_is_refused(void **state)
{
	struct arp_packet a;

	(void)state;
	for (size_t cut = 0; cut < sizeof reply; cut++)
		assert_false(parse_exact(reply, cut, &a));
}

static void a_flipped_bit_is_refused_or_a_different_value(void **state)
{
	struct arp_packet good, a;

	(void)state;
	parse_exact(reply, sizeof reply, &good);
	for (size_t i = 0; i < sizeof reply * 8; i++) {
		uint8_t bytes[sizeof reply];
		bool ok;

		memcpy(bytes, reply, sizeof bytes);
		bytes[i / 8] ^= (uint8_t)(1u << i % 8);
		ok = parse_exact(bytes, sizeof bytes, &a);
		assert_int_equal(ok, i >= 64);          /* 2 is ARP_REPLY; no operation is one bit away */
		if (ok)
			assert_true(a.sender_ip != good.sender_ip || a.target_ip != good.target_ip
			            || memcmp(a.sender_mac, good.sender_mac, 6) != 0
			            || memcmp(a.target_mac, good.target_mac, 6) != 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_reply_gives_its_values),
		cmocka_unit_test(a_prefix_is_refused),
		cmocka_unit_test(a_flipped_bit_is_refused_or_a_different_value),
	};

	return cmocka_run_group_tests_name("wire/arp", tests, NULL, NULL);
}
