/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/test.h"
#include "netstack/wire/icmp.h"

static uint8_t bytes[ICMP_HEAD + 3];

static void build(void)
{
	struct icmp_message m = { .type = ICMP_ECHO_REQUEST, .rest = 0x12345678, .body = rd_over("abc", 3) };
	struct wr w = wr_over(bytes, sizeof bytes);

	icmp_emit(&w, &m);
	assert_true(wr_ok(&w));
}

static enum icmp_verdict parse_exact(size_t len, struct icmp_message *m)
{
	uint8_t *copy = exact_copy(bytes, len);
	enum icmp_verdict verdict = icmp_parse(rd_over(copy, len), m);

	free(copy);
	return verdict;
}

static void a_good_message_gives_its_values(void **state)
{
	struct icmp_message m;

	(void)state;
	build();
	assert_int_equal(icmp_parse(rd_over(bytes, sizeof bytes), &m), ICMP_FINE);
	assert_int_equal(m.type, ICMP_ECHO_REQUEST);
	assert_int_equal(m.code, 0);
	assert_int_equal(m.rest, 0x12345678);
	assert_true(rd_is(&m.body, "abc", 3));
	assert_true(rd_done(&m.body));
}

static void a_prefix_is_refused(void **state)
{
	struct icmp_message m;

	(void)state;
	build();
	for (size_t cut = 0; cut < sizeof bytes; cut++)
		assert_int_equal(parse_exact(cut, &m), cut < ICMP_HEAD ? ICMP_MALFORMED : ICMP_BAD_CHECKSUM);
}

static void a_flipped_bit_is_noticed(void **state)
{
	struct icmp_message m;

	(void)state;
	build();
	for (size_t i = 0; i < sizeof bytes * 8; i++) {
		bytes[i / 8] ^= (uint8_t)(1u << i % 8);
		assert_int_equal(parse_exact(sizeof bytes, &m), ICMP_BAD_CHECKSUM);
		bytes[i / 8] ^= (uint8_t)(1u << i % 8);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_message_gives_its_values),
		cmocka_unit_test(a_prefix_is_refused),
		cmocka_unit_test(a_flipped_bit_is_noticed),
	};

	return cmocka_run_group_tests_name("wire/icmp", tests, NULL, NULL);
}
