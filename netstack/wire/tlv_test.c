/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/test.h"
#include "netstack/wire/tlv.h"

static enum tlv_verdict read_exact(const uint8_t *bytes, size_t len, struct tlv_set *set)
{
	uint8_t *copy = exact_copy(bytes, len);
	enum tlv_verdict verdict = tlv_read_set(rd_over(copy, len), set);

	free(copy);
	return verdict;
}

/* One of every kind of value. */
static size_t make_message(uint8_t *room, size_t size)
{
	static const uint8_t mac[6] = { 0x52, 0x54, 0, 1, 2, 3 }, hash[5] = { 1, 0xaa, 0xbb, 0xcc, 0xdd };
	struct stream_address a = stream_address_ipv4(0xc0a80102, 6910), b = stream_address_ipv4(0xc0a80103, 6911);
	struct tlv_counters counters = { 1ull << 40, 2, 3, 4, 5 };
	struct wr w = wr_over(room, size);

	wr_tlv(&w, TLV_MAC, mac, sizeof mac);
	wr_tlv_u16(&w, TLV_ARCH, 7);
	wr_tlv_u8(&w, TLV_STAGE, STAGE_DRIVER);
	wr_tlv_text(&w, TLV_DISK, "debian");
	wr_tlv_u64(&w, TLV_SIZE, 1ull << 33);
	wr_tlv_u32(&w, TLV_EXPIRES, 3600);
	wr_tlv_address(&w, TLV_SERVER, &a);
	wr_tlv_address(&w, TLV_SERVER, &b);
	wr_tlv(&w, TLV_ROOT_HASH, hash, sizeof hash);
	wr_tlv(&w, TLV_TICKET, "ticket", 6);
	wr_tlv(&w, TLV_PERSONALITY, "\4hostclass-7", 12);
	wr_tlv(&w, TLV_MENU, "\1first", 6);
	wr_tlv_counters(&w, &counters);
	wr_tlv_pad(&w, 9);
	assert_true(wr_ok(&w));
	return wr_used(&w, room);
}

static void a_good_message_gives_its_values(void **state)
{
	struct tlv_set set;
	uint8_t bytes[300];

	(void)state;
	assert_int_equal(read_exact(bytes, make_message(bytes, sizeof bytes), &set), TLV_OK);
	assert_true(tlv_has(&set, TLV_MAC) && tlv_has(&set, TLV_PERSONALITY) && !tlv_has(&set, TLV_UUID));
	assert_int_equal(set.mac[5], 3);
	assert_int_equal(set.arch, 7);
	assert_int_equal(set.stage, STAGE_DRIVER);
	assert_string_equal(set.disk, "debian");
	assert_int_equal(set.size, 1ull << 33);
	assert_int_equal(set.expires_s, 3600);
	assert_int_equal(set.server_count, 2);
	assert_int_equal(set.servers[1].port, 6911);
	assert_int_equal(set.root_hash_algorithm, 1);
	assert_int_equal(set.root_hash_len, 4);
	assert_int_equal(set.root_hash[3], 0xdd);
	assert_int_equal(set.ticket.len, 6);
	assert_memory_equal(set.ticket.bytes, "ticket", 6);
	assert_int_equal(set.counters.bytes, 1ull << 40);
	assert_int_equal(set.counters.failovers, 5);
}

/* Whether a TLV ends exactly here. */
static bool ends_between_tlvs(const uint8_t *bytes, size_t at)
{
	struct rd r = rd_over(bytes, at);
	struct tlv t;

	while (rd_tlv(&r, &t))
		;
	return rd_done(&r);
}

static void m10_every_prefix_that_cuts_a_tlv_is_malformed(void **state)
{
	struct tlv_set set;
	uint8_t bytes[300];
	size_t len = make_message(bytes, sizeof bytes);
	unsigned good = 0;

	(void)state;
	for (size_t n = 0; n <= len; n++) {
		enum tlv_verdict verdict = read_exact(bytes, n, &set);

		assert_int_equal(verdict, ends_between_tlvs(bytes, n) ? TLV_OK : TLV_MALFORMED);
		good += verdict == TLV_OK;
	}
	assert_int_equal(good, 15);
}

static void m09_m10_every_flipped_bit_of_a_type_or_length_is_judged(void **state)
{
	struct tlv_set set;
	uint8_t bytes[300];
	size_t len = make_message(bytes, sizeof bytes);
	unsigned verdicts[3] = { 0 };

	(void)state;
	for (size_t bit = 0; bit < len * 8; bit++) {
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
		verdicts[read_exact(bytes, len, &set)]++;
		assert_true(set.server_count <= TLV_SERVERS_MAX && set.ticket.len <= STREAM_TICKET_BYTES_MAX
		            && set.root_hash_len <= sizeof set.root_hash);
		assert_true(memchr(set.disk, 0, sizeof set.disk) && memchr(set.text, 0, sizeof set.text));
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	assert_true(verdicts[TLV_OK] && verdicts[TLV_MALFORMED]);
	/* A length is 16 bits and wrong in each; PAD and MENU at the end may swallow what follows them. */
	for (size_t bit = 2 * 8; bit < 4 * 8; bit++) {
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_int_equal(read_exact(bytes, len, &set), TLV_MALFORMED);
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
}

static enum tlv_verdict one(uint16_t type, const void *value, size_t len, struct tlv_set *set)
{
	uint8_t bytes[600];
	struct wr w = wr_over(bytes, sizeof bytes);

	wr_tlv(&w, type, value, len);
	assert_true(wr_ok(&w));
	return read_exact(bytes, wr_used(&w, bytes), set);
}

static void m09_unknown_types_are_skipped_unless_they_must_be_understood(void **state)
{
	struct tlv_set set;

	(void)state;
	assert_int_equal(one(31, "x", 1, &set), TLV_OK);
	assert_int_equal(one(255, NULL, 0, &set), TLV_OK);
	assert_int_equal(one(1000, "xyz", 3, &set), TLV_OK);
	assert_int_equal(set.has, 0);
	assert_int_equal(one(31 | TLV_MUST, "x", 1, &set), TLV_DEMANDS_MORE);
	assert_int_equal(one(1000 | TLV_MUST, NULL, 0, &set), TLV_DEMANDS_MORE);
	assert_int_equal(one(TLV_DISK | TLV_MUST, "abc", 3, &set), TLV_OK);
	assert_string_equal(set.disk, "abc");
}

static void m10_a_type_that_does_not_repeat_comes_once(void **state)
{
	struct stream_address a = stream_address_ipv4(1, 2);
	struct tlv_set set;
	uint8_t bytes[300];
	struct wr w = wr_over(bytes, sizeof bytes);

	(void)state;
	wr_tlv_u16(&w, TLV_ARCH, 1);
	wr_tlv_u16(&w, TLV_ARCH | TLV_MUST, 1);
	assert_int_equal(read_exact(bytes, wr_used(&w, bytes), &set), TLV_MALFORMED);
	w = wr_over(bytes, sizeof bytes);
	for (unsigned i = 0; i < TLV_SERVERS_MAX + 2; i++) {
		a.port = (uint16_t)i;
		wr_tlv_address(&w, TLV_SERVER, &a);
	}
	assert_int_equal(read_exact(bytes, wr_used(&w, bytes), &set), TLV_OK);
	assert_int_equal(set.server_count, TLV_SERVERS_MAX);
	assert_int_equal(set.servers[TLV_SERVERS_MAX - 1].port, TLV_SERVERS_MAX - 1);
	w = wr_over(bytes, sizeof bytes);
	for (unsigned i = 0; i < TLV_MENU_MAX; i++)
		wr_tlv(&w, TLV_MENU, "\1x", 2);
	assert_int_equal(read_exact(bytes, wr_used(&w, bytes), &set), TLV_OK);
	wr_tlv(&w, TLV_MENU, "\1x", 2);
	assert_int_equal(read_exact(bytes, wr_used(&w, bytes), &set), TLV_MALFORMED);
}

static void texts_are_cut_and_cleaned(void **state)
{
	char text[6], line[TLV_NAME_MAX + 1];
	struct tlv_set set;

	(void)state;
	rd_tlv_text(rd_over("a\nb\x1b[2J", 8), text, sizeof text);
	assert_string_equal(text, "a?b?[");
	memset(line, 'x', sizeof line);
	assert_int_equal(one(TLV_DISK, line, TLV_NAME_MAX, &set), TLV_OK);
	assert_int_equal(strlen(set.disk), TLV_NAME_MAX);
	assert_int_equal(one(TLV_DISK, line, TLV_NAME_MAX + 1, &set), TLV_MALFORMED);
	assert_int_equal(one(TLV_PERSONALITY, "\3ab", 3, &set), TLV_MALFORMED);
	assert_int_equal(one(TLV_PERSONALITY, "\2ab", 3, &set), TLV_OK);
}

static void a_writer_without_room_says_so(void **state)
{
	static uint8_t big[UINT16_MAX + 10];
	uint8_t bytes[8];
	struct wr w = wr_over(bytes, sizeof bytes);

	(void)state;
	wr_tlv_u32(&w, TLV_EXPIRES, 1);
	assert_true(wr_ok(&w));
	wr_tlv_u8(&w, TLV_STAGE, 1);
	assert_false(wr_ok(&w));
	w = wr_over(big, sizeof big);
	wr_tlv(&w, TLV_PAD, big, UINT16_MAX + 1);
	assert_false(wr_ok(&w));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_message_gives_its_values),
		cmocka_unit_test(m10_every_prefix_that_cuts_a_tlv_is_malformed),
		cmocka_unit_test(m09_m10_every_flipped_bit_of_a_type_or_length_is_judged),
		cmocka_unit_test(m09_unknown_types_are_skipped_unless_they_must_be_understood),
		cmocka_unit_test(m10_a_type_that_does_not_repeat_comes_once),
		cmocka_unit_test(texts_are_cut_and_cleaned),
		cmocka_unit_test(a_writer_without_room_says_so),
	};

	return cmocka_run_group_tests_name("wire/tlv", tests, NULL, NULL);
}
