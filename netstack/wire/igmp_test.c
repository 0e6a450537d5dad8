/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/test.h"
#include "netstack/wire/igmp.h"

enum { GROUP = 0xefff0001, OURS = 0x0a000005, HEAD = IGMP_PACKET - IGMP_HEAD };

/* 239.255.0.1, within 10 s. */
static const uint8_t query[] = { 0x11, 0x64, 0xfe, 0x9a, 0xef, 0xff, 0x00, 0x01 };

static enum igmp_verdict parse(const void *bytes, size_t len, struct igmp_message *m)
{
	uint8_t *copy = exact_copy(bytes, len);
	enum igmp_verdict verdict = igmp_parse(rd_over(copy, len), m);

	free(copy);
	return verdict;
}

static void a_good_message_gives_its_values(void **state)
{
	struct igmp_message m;

	(void)state;
	assert_int_equal(parse(query, sizeof query, &m), IGMP_FINE);
	assert_int_equal(m.type, IGMP_QUERY);
	assert_int_equal(m.group, GROUP);
	assert_int_equal(m.wait_max, 10 * USEC_PER_S);
	assert_false(m.is_v1);
}

static void each_version_says_its_own_time(void **state)
{
	static const struct { uint8_t bytes[12]; size_t len; usec wait_max; bool is_v1; } rows[] = {
		{ { 0x11, 0x00, 0xee, 0xff }, 8, 10 * USEC_PER_S, true },
		{ { 0x11, 0x01, 0xee, 0xfe }, 8, 100 * USEC_PER_MS, false },
		{ { 0x11, 0xff, 0xee, 0x00 }, 8, 25500 * USEC_PER_MS, false },
		{ { 0x11, 0x00, 0xec, 0x82, 0, 0, 0, 0, 2, 125 }, 12, 0, false },
		{ { 0x11, 0x7f, 0xec, 0x03, 0, 0, 0, 0, 2, 125 }, 12, 12700 * USEC_PER_MS, false },
		{ { 0x11, 0x80, 0xec, 0x02, 0, 0, 0, 0, 2, 125 }, 12, 12800 * USEC_PER_MS, false },
		{ { 0x11, 0xff, 0xeb, 0x83, 0, 0, 0, 0, 2, 125 }, 12, 3174400 * (usec)USEC_PER_MS, false },
	};
	struct igmp_message m;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		assert_int_equal(parse(rows[i].bytes, rows[i].len, &m), IGMP_FINE);
		assert_int_equal(m.wait_max, rows[i].wait_max);
		assert_int_equal(m.is_v1, rows[i].is_v1);
	}
}

static void a_prefix_is_refused(void **state)
{
	static const uint8_t v3[12] = { 0x11, 0x80, 0xec, 0x02, 0, 0, 0, 0, 2, 125 };
	struct igmp_message m;

	(void)state;
	for (size_t cut = 0; cut < sizeof query; cut++)
		assert_int_equal(parse(query, cut, &m), IGMP_MALFORMED);
	for (size_t cut = 0; cut < sizeof v3; cut++)
		assert_int_equal(parse(v3, cut, &m), cut == IGMP_HEAD ? IGMP_BAD_CHECKSUM : IGMP_MALFORMED);
}

static void a_flipped_bit_is_noticed(void **state)
{
	uint8_t bytes[sizeof query];
	struct igmp_message m;

	(void)state;
	for (size_t i = 0; i < sizeof query * 8; i++) {
		memcpy(bytes, query, sizeof bytes);
		bytes[i / 8] ^= (uint8_t)(1u << i % 8);
		assert_int_equal(parse(bytes, sizeof bytes, &m), IGMP_BAD_CHECKSUM);
	}
}

static void a_packet_has_ttl_1_and_the_router_alert(void **state)
{
	static const uint8_t alert[] = { 0x94, 4, 0, 0 };
	struct igmp_message m = { .type = IGMP_REPORT, .group = GROUP }, again;
	uint8_t bytes[IGMP_PACKET];
	struct wr w = wr_over(bytes, sizeof bytes);
	struct rd packet;
	struct ipv4_head head;

	(void)state;
	igmp_emit_packet(&w, OURS, GROUP, &m);
	assert_true(wr_ok(&w));
	assert_int_equal(wr_used(&w, bytes), IGMP_PACKET);
	packet = rd_over(bytes, sizeof bytes);
	assert_int_equal(ipv4_parse(&packet, &head), IPV4_FINE);
	assert_int_equal(head.src, OURS);
	assert_int_equal(head.dst, GROUP);
	assert_int_equal(head.ttl, 1);
	assert_int_equal(head.protocol, IPV4_IGMP);
	assert_memory_equal(bytes + IPV4_HEAD, alert, sizeof alert);
	assert_int_equal(igmp_parse(packet, &again), IGMP_FINE);
	assert_int_equal(again.type, IGMP_REPORT);
	assert_int_equal(again.group, GROUP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_message_gives_its_values),
		cmocka_unit_test(each_version_says_its_own_time),
		cmocka_unit_test(a_prefix_is_refused),
		cmocka_unit_test(a_flipped_bit_is_noticed),
		cmocka_unit_test(a_packet_has_ttl_1_and_the_router_alert),
	};

	return cmocka_run_group_tests_name("wire/igmp", tests, NULL, NULL);
}
