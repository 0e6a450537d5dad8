/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/test.h"
#include "netstack/wire/lacp.h"

enum { READ_BYTES = 42, MARKER_READ_BYTES = 18 };       /* behind the first byte: what must be there */

static const struct lacp_pdu pdu = {
	.actor   = { 0x8000, { 0, 0x1b, 0x54, 1, 2, 3 }, 0x0102, 0x8001, 0x0017, 0x4d },
	.partner = { 0xffff, { 0x52, 0x54, 0, 0, 0, 1 }, 1, 0xff, 2, 0x3c },
};

static size_t make(uint8_t bytes[LACP_BYTES])
{
	struct wr w = wr_over(bytes, LACP_BYTES);

	lacp_emit(&w, &pdu);
	assert_true(wr_ok(&w));
	return wr_used(&w, bytes);
}

static void make_marker(uint8_t bytes[LACP_BYTES])
{
	static const struct lacp_marker m = { 0x0017, { 0, 0x1b, 0x54, 1, 2, 3 }, 0x01020304 };
	struct wr w = wr_over(bytes, LACP_BYTES);

	lacp_emit_marker_answer(&w, &m);
	assert_true(wr_ok(&w));
	assert_int_equal(wr_used(&w, bytes), LACP_BYTES);
	bytes[2] = 1;                   /* the question has all of its answer but this */
}

static bool same_party(const struct lacp_party *a, const struct lacp_party *b)
{
	return a->system_priority == b->system_priority && memcmp(a->system, b->system, 6) == 0 && a->key == b->key
	    && a->port_priority == b->port_priority && a->port == b->port && a->state == b->state;
}

/* Bytes behind the first, in a heap block of exactly that size. */
static bool parse_exact(const uint8_t *bytes, size_t len, struct lacp_pdu *p)
{
	uint8_t *copy = exact_copy(bytes, len);
	bool good = lacp_parse(rd_over(copy, len), p);

	free(copy);
	return good;
}

static bool parse_marker_exact(const uint8_t *bytes, size_t len, struct lacp_marker *m)
{
	uint8_t *copy = exact_copy(bytes, len);
	bool good = lacp_parse_marker(rd_over(copy, len), m);

	free(copy);
	return good;
}

static void a_good_packet_gives_its_values(void **state)
{
	uint8_t bytes[LACP_BYTES];
	struct rd r = rd_over(bytes, sizeof bytes);
	struct lacp_pdu p;

	(void)state;
	assert_int_equal(make(bytes), LACP_BYTES);
	assert_int_equal(slow_parse(&r), SLOW_LACP);
	assert_true(lacp_parse(r, &p));
	assert_true(same_party(&p.actor, &pdu.actor) && same_party(&p.partner, &pdu.partner));
	bytes[1] = 2;                   /* a later version has more, behind */
	assert_true(lacp_parse(r, &p));
	bytes[1] = 0;
	assert_false(lacp_parse(r, &p));
	bytes[0] = 3;                   /* OAM, another of the slow ones */
	r = rd_over(bytes, sizeof bytes);
	assert_int_equal(slow_parse(&r), SLOW_UNKNOWN);
	r = rd_over(bytes, 0);
	assert_int_equal(slow_parse(&r), SLOW_UNKNOWN);
}

static void a_marker_is_answered_with_itself(void **state)
{
	uint8_t question[LACP_BYTES], answer[LACP_BYTES];
	struct rd r = rd_over(question, sizeof question);
	struct wr w = wr_over(answer, sizeof answer);
	struct lacp_marker m;

	(void)state;
	make_marker(question);
	assert_int_equal(slow_parse(&r), SLOW_MARKER);
	assert_true(lacp_parse_marker(r, &m));
	assert_int_equal(m.transaction, 0x01020304);
	assert_int_equal(m.port, 0x17);
	lacp_emit_marker_answer(&w, &m);
	assert_false(parse_marker_exact(answer + 1, LACP_BYTES - 1, &m));       /* it is none to be answered again */
	answer[2] = 1;
	assert_memory_equal(answer, question, LACP_BYTES);
}

static void a_prefix_is_no_packet(void **state)
{
	uint8_t bytes[LACP_BYTES];
	struct lacp_marker m;
	struct lacp_pdu p;

	(void)state;
	make(bytes);
	for (size_t cut = 0; cut < LACP_BYTES; cut++)
		assert_int_equal(parse_exact(bytes + 1, cut, &p), cut >= READ_BYTES - 1);
	make_marker(bytes);
	for (size_t cut = 0; cut < LACP_BYTES; cut++)
		assert_int_equal(parse_marker_exact(bytes + 1, cut, &m), cut >= MARKER_READ_BYTES - 1);
}

static bool is_reserved(size_t at) { return (at >= 19 && at < 22) || (at >= 39 && at < 42); }

static void a_flipped_bit_is_a_different_value_or_none(void **state)
{
	uint8_t bytes[LACP_BYTES];
	struct lacp_marker m;
	struct lacp_pdu p;

	(void)state;
	make(bytes);
	for (size_t i = 16; i < READ_BYTES * 8; i++) {
		bytes[i / 8] ^= (uint8_t)(1u << i % 8);
		assert_true((parse_exact(bytes + 1, LACP_BYTES - 1, &p) && same_party(&p.actor, &pdu.actor)
		             && same_party(&p.partner, &pdu.partner)) == is_reserved(i / 8));
		bytes[i / 8] ^= (uint8_t)(1u << i % 8);
	}
	make_marker(bytes);
	for (size_t i = 16; i < (MARKER_READ_BYTES - 2) * 8; i++) {
		bytes[i / 8] ^= (uint8_t)(1u << i % 8);
		assert_true(!parse_marker_exact(bytes + 1, LACP_BYTES - 1, &m) || m.port != 0x17
		            || m.transaction != 0x01020304 || memcmp(m.system, pdu.actor.system, 6) != 0);
		bytes[i / 8] ^= (uint8_t)(1u << i % 8);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_packet_gives_its_values),
		cmocka_unit_test(a_marker_is_answered_with_itself),
		cmocka_unit_test(a_prefix_is_no_packet),
		cmocka_unit_test(a_flipped_bit_is_a_different_value_or_none),
	};

	return cmocka_run_group_tests_name("wire/lacp", tests, NULL, NULL);
}
