/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/test.h"
#include "netstack/wire/tftp.h"

static struct tftp_message m;

static bool parse_exact(const void *bytes, size_t len)
{
	uint8_t *copy = exact_copy(bytes, len);
	bool ok = tftp_parse(rd_over(copy, len), &m);

	while (ok && rd_left(&m.rest))
		rd_u8(&m.rest);
	free(copy);
	return ok;
}

static const char oack[] = "\0\6" "blksize\0" "1456\0" "TSize\0" "4294967295\0" "windowsize\0" "65535";

static void good_messages_give_their_values(void **state)
{
	(void)state;
	assert_true(tftp_parse(rd_over("\0\3\xab\xcd" "data", 8), &m));
	assert_int_equal(m.op, TFTP_DATA);
	assert_int_equal(m.block, 0xabcd);
	assert_true(rd_is(&m.rest, "data", 4));
	assert_true(tftp_parse(rd_over("\0\5\0\1no file\0tail", 16), &m));
	assert_int_equal(m.error, TFTP_ERROR_NOT_FOUND);
	assert_int_equal(rd_left(&m.rest), 7);
	assert_true(rd_is(&m.rest, "no file", 7));
	assert_true(tftp_parse(rd_over("\0\5\0\1no NUL", 10), &m));
	assert_true(rd_is(&m.rest, "no NUL", 6));
	assert_true(parse_exact(oack, sizeof oack));
	assert_true(m.options.has_block_size && m.options.has_size && m.options.has_window && !m.options.unknown);
	assert_int_equal(m.options.block_size, 1456);
	assert_int_equal(m.options.size, UINT32_MAX);
	assert_int_equal(m.options.window, 65535);
	assert_true(parse_exact("\0\6tsize\0" "5368709120", 19));
	assert_true(m.options.size == 5368709120u);
	assert_true(parse_exact("\0\6timeout\0" "5", 12));
	assert_true(m.options.unknown);
}

static void wrong_numbers_are_malformed(void **state)
{
	static const char *const wrong[] = { "", "x", "12x", "-1", "+512", "7", "65465", "4294967296",
		"00000000000000000512" };
	uint8_t room[64];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		struct wr w = wr_over(room, sizeof room);

		wr_be16(&w, TFTP_OACK);
		wr_bytes(&w, "blksize", 8);
		wr_bytes(&w, wrong[i], strlen(wrong[i]) + 1);
		assert_false(parse_exact(room, wr_used(&w, room)));
	}
	assert_false(parse_exact("\0\6windowsize\0" "0", 15));
	assert_false(parse_exact("\0\1file\0octet", 13));
	assert_false(parse_exact("\0\7", 2));
}

static void a_group_is_an_address_a_port_and_a_turn(void **state)
{
	static const struct { const char *text; bool good; uint32_t ip; uint16_t port; bool is_master; } rows[] = {
		{ "239.255.0.1,1758,1", true, 0xefff0001, 1758, true }, { ",,1", true, 0, 0, true },
		{ "224.0.1.2,65535,0", true, 0xe0000102, 65535, false }, { ",,0", true, 0, 0, false },
		{ "", false, 0, 0, false }, { ",,", false, 0, 0, false }, { ",1", false, 0, 0, false },
		{ ",,2", false, 0, 0, false }, { ",,1,", false, 0, 0, false }, { ",65536,1", false, 0, 0, false },
		{ "10.0.0.1,1758,1", false, 0, 0, false }, { "239.255.0,1758,1", false, 0, 0, false },
		{ "239.255.0.1.2,1758,1", false, 0, 0, false }, { "239.256.0.1,1758,1", false, 0, 0, false },
		{ "x,1758,1", false, 0, 0, false }, { "239.255.0.1,x,1", false, 0, 0, false },
	};
	uint8_t room[64];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct wr w = wr_over(room, sizeof room);

		wr_be16(&w, TFTP_OACK);
		wr_bytes(&w, "Multicast", 10);
		wr_bytes(&w, rows[i].text, strlen(rows[i].text) + 1);
		assert_int_equal(parse_exact(room, wr_used(&w, room)), rows[i].good);
		if (!rows[i].good)
			continue;
		assert_true(m.options.has_multicast && !m.options.unknown);
		assert_int_equal(m.options.group.ip, rows[i].ip);
		assert_int_equal(m.options.group.port, rows[i].port);
		assert_int_equal(m.options.group.is_master, rows[i].is_master);
	}
}

static void a_prefix_is_good_only_where_an_option_ends(void **state)
{
	(void)state;
	for (size_t cut = 0; cut < sizeof oack; cut++)
		assert_int_equal(parse_exact(oack, cut), cut == 2 || cut == 15 || cut == 32);
	for (size_t cut = 0; cut < 4; cut++) {
		assert_false(parse_exact("\0\3\0\1", cut));
		assert_false(parse_exact("\0\4\0\1", cut));
		assert_false(parse_exact("\0\5\0\1", cut));
	}
}

static void no_flipped_bit_is_worse_than_a_refusal(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof oack * 8; i++) {
		uint8_t bytes[sizeof oack];

		memcpy(bytes, oack, sizeof oack);
		bytes[i / 8] ^= (uint8_t)(1u << i % 8);
		if (parse_exact(bytes, sizeof bytes) && m.op == TFTP_OACK && !m.options.unknown)
			assert_true(m.options.has_block_size && m.options.has_size && m.options.has_window);
	}
}

static void requests_are_written_as_servers_read_them(void **state)
{
	static const char full[] = "\0\1" "boot\\x86\\n.com\0" "octet\0" "tsize\0" "0\0"
		"blksize\0" "1456\0" "windowsize\0" "4";
	struct tftp_options o = { .has_size = true, .has_block_size = true, .has_window = true,
		.block_size = 1456, .window = 4 };
	uint8_t room[600];
	struct wr w = wr_over(room, sizeof room);

	(void)state;
	tftp_emit_request(&w, "boot\\x86\\n.com", &o);
	assert_int_equal(wr_used(&w, room), sizeof full);
	assert_memory_equal(room, full, sizeof full);
	w = wr_over(room, sizeof room);
	tftp_emit_error(&w, TFTP_ERROR_UNKNOWN_TID, "who");
	tftp_emit_ack(&w, 0x1234);
	assert_memory_equal(room, "\0\5\0\5who\0\0\4\x12\x34", 12);
	w = wr_over(room, 20);
	tftp_emit_request(&w, "boot\\x86\\n.com", &o);
	assert_false(wr_ok(&w));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_messages_give_their_values),
		cmocka_unit_test(wrong_numbers_are_malformed),
		cmocka_unit_test(a_group_is_an_address_a_port_and_a_turn),
		cmocka_unit_test(a_prefix_is_good_only_where_an_option_ends),
		cmocka_unit_test(no_flipped_bit_is_worse_than_a_refusal),
		cmocka_unit_test(requests_are_written_as_servers_read_them),
	};

	return cmocka_run_group_tests_name("wire/tftp", tests, NULL, NULL);
}
