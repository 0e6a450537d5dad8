/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/test.h"
#include "netstack/wire/stp_fake.h"

static bool parse_exact(const uint8_t *bytes, size_t len, struct stp_bpdu *b)
{
	uint8_t *copy = exact_copy(bytes, len);
	bool good = stp_parse(rd_over(copy, len), b);

	free(copy);
	return good;
}

static size_t make(uint8_t *bytes, enum stp_kind kind, uint8_t flags)
{
	struct wr w = wr_over(bytes, 64);

	fake_bpdu(&w, kind, flags, 2, 15);
	assert_true(wr_ok(&w));
	return wr_used(&w, bytes);
}

static void a_good_bpdu_gives_its_values(void **state)
{
	uint8_t bytes[64];
	struct stp_bpdu b;

	(void)state;
	assert_true(parse_exact(bytes, make(bytes, STP_RAPID, 0x3c), &b));
	assert_int_equal(b.kind, STP_RAPID);
	assert_int_equal(b.version, 2);
	assert_int_equal(b.flags, 0x3c);
	assert_memory_equal(b.bridge, fake_bridge, 6);
	assert_int_equal(b.port, FAKE_BPDU_PORT);
	assert_int_equal(b.hello_ms, 2000);
	assert_int_equal(b.forward_delay_ms, 15000);
	assert_true(parse_exact(bytes, make(bytes, STP_CONFIG, 1), &b));
	assert_int_equal(b.kind, STP_CONFIG);
	assert_int_equal(b.version, 0);
	assert_memory_equal(b.bridge, fake_bridge, 6);
	assert_true(parse_exact(bytes, make(bytes, STP_TOPOLOGY, 0), &b));
	assert_int_equal(b.kind, STP_TOPOLOGY);
	make(bytes, STP_RAPID, 0x3c);
	bytes[5] = 3;                   /* the multiple tree's, with more behind it */
	assert_true(parse_exact(bytes, sizeof bytes, &b));
	assert_int_equal(b.version, 3);
}

static void a_prefix_is_no_bpdu(void **state)
{
	uint8_t bytes[64];
	struct stp_bpdu b;

	(void)state;
	for (size_t cut = 0, len = make(bytes, STP_RAPID, 0x3c) - 1; cut < len; cut++)
		assert_false(parse_exact(bytes, cut, &b));
	for (size_t cut = 0, len = make(bytes, STP_CONFIG, 0); cut < len; cut++)
		assert_false(parse_exact(bytes, cut, &b));
	for (size_t cut = 0, len = make(bytes, STP_TOPOLOGY, 0); cut < len; cut++)
		assert_false(parse_exact(bytes, cut, &b));
}

/* In what is read at all: the root, what it costs, priority and ages are nothing to us. */
static bool is_read(size_t byte) { return byte < 8 || (byte >= 22 && byte < 30) || (byte >= 34 && byte < 38); }

static bool same(const struct stp_bpdu *a, const struct stp_bpdu *b)
{
	return a->kind == b->kind && a->version == b->version && a->flags == b->flags && a->port == b->port
	    && memcmp(a->bridge, b->bridge, 6) == 0 && a->hello_ms == b->hello_ms
	    && a->forward_delay_ms == b->forward_delay_ms;
}

static void a_flipped_bit_is_a_different_value_or_none(void **state)
{
	uint8_t bytes[64];
	size_t len = make(bytes, STP_RAPID, 0x3c);
	struct stp_bpdu good, b;

	(void)state;
	assert_true(parse_exact(bytes, len, &good));
	for (size_t i = 0; i < len * 8; i++) {
		bytes[i / 8] ^= (uint8_t)(1u << i % 8);
		assert_true((parse_exact(bytes, len, &b) && same(&b, &good)) != is_read(i / 8));
		bytes[i / 8] ^= (uint8_t)(1u << i % 8);
	}
}

static void a_rapid_one_of_an_old_version_is_none(void **state)
{
	uint8_t bytes[64];
	size_t len = make(bytes, STP_RAPID, 0x3c);
	struct stp_bpdu b;

	(void)state;
	bytes[5] = 1;
	assert_false(parse_exact(bytes, len, &b));
	bytes[6] = 1;                   /* a kind that nobody defined */
	assert_false(parse_exact(bytes, len, &b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_bpdu_gives_its_values),
		cmocka_unit_test(a_prefix_is_no_bpdu),
		cmocka_unit_test(a_flipped_bit_is_a_different_value_or_none),
		cmocka_unit_test(a_rapid_one_of_an_old_version_is_none),
	};

	return cmocka_run_group_tests_name("wire/stp", tests, NULL, NULL);
}
