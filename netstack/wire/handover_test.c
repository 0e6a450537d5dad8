/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/test.h"
#include "netstack/wire/handover.h"

static struct handover example(void)
{
	struct handover h = {
		.disk = "debian", .content = { { 1, 2, 3 } }, .ticket = { { 7, 8, 9 }, 41 },
		.size = 1ull << 32, .expires_s = 3500, .version = 3, .mode = MODE_READ_ONLY, .drive = 0x80,
		.session = 0x1122334455667788, .next_request = 900, .window = 32, .segment = 1408, .client_port = 6911,
		.servers = { stream_address_ipv4(0x0a000002, 6910), stream_address_ipv4(0x0a000003, 6910) },
		.server_count = 2, .server_current = stream_address_ipv4(0x0a000003, 6910),
		.counters = { 1 << 20, 80, 2, 1, 0 },
		.mac = { 0x52, 0x54, 0, 0x12, 0x34, 0x56 }, .pci = 0x0018, .mtu = 1500,
		.lease = { handover_ipv4(0x0a00000f), handover_ipv4(0x0a000001), handover_ipv4(0x0a000002), 24,
			86400, 43200, 75600 },
		.dns = { handover_ipv4(0x08080808), handover_ipv4(0x08080404) }, .dns_count = 2,
		.uuid = { 0xde, 0xad }, .arch = 11, .has_arch = true, .undi_major = 3, .undi_minor = 16,
		.build = "0.1 BIOS", .host_name = "seat-7",
		.times = { { 1, 120 }, { 3, 480 } }, .time_count = 2,
		.root_hash_algorithm = 1, .root_hash_len = 32,
	};

	return h;
}

static enum handover_verdict read_exact(const uint8_t *bytes, size_t len, struct handover *h, const char **missing)
{
	uint8_t *copy = exact_copy(bytes, len);
	enum handover_verdict verdict = handover_read(rd_over(copy, len), h, missing);

	free(copy);
	return verdict;
}

static void what_is_written_is_read(void **state)
{
	struct handover in = example(), out;
	uint8_t room[HANDOVER_BYTES_MAX + 100];
	size_t bytes = handover_write(room, sizeof room, &in);
	uint32_t ip;

	(void)state;
	assert_true(bytes > 200 && bytes < 700);
	assert_int_equal(read_exact(room, bytes, &out, NULL), HANDOVER_OK);
	assert_string_equal(out.disk, "debian");
	assert_int_equal(out.ticket.len, 41);
	assert_memory_equal(out.ticket.bytes, in.ticket.bytes, 41);
	assert_int_equal(out.session, in.session);
	assert_int_equal(out.next_request, 900);
	assert_int_equal(out.server_count, 2);
	assert_int_equal(out.server_current.ip[15], 3);
	assert_int_equal(out.client_port, 6911);
	assert_int_equal(out.counters.bytes, 1 << 20);
	assert_int_equal(out.pci, 0x18);
	assert_int_equal(out.lease.prefix, 24);
	assert_int_equal(out.lease.t2_s, 75600);
	assert_true(handover_ip_is_ipv4(&out.lease.router, &ip));
	assert_int_equal(ip, 0x0a000001);
	assert_int_equal(out.dns_count, 2);
	assert_int_equal(out.dns[1].bytes[14], 4);
	assert_int_equal(out.time_count, 2);
	assert_int_equal(out.times[1].ms, 480);
	assert_string_equal(out.host_name, "seat-7");
	assert_int_equal(out.root_hash_len, 32);
	assert_int_equal(out.mtu, 1500);
	assert_int_equal(out.drive, 0x80);
	assert_true(out.has_arch && out.arch == 11);
	assert_true(out.undi_major == 3 && out.undi_minor == 16);
	/* what follows the block in memory does not matter */
	memset(room + bytes, 0xff, 100);
	assert_int_equal(handover_read(rd_over(room, bytes + 100), &out, NULL), HANDOVER_OK);
}

/* As before there was such a TLV, if it is the MAC: drivers that do not know it say the same as the firmware. */
static void whom_the_lease_was_given_to_is_told(void **state)
{
	struct handover in = example(), out;
	uint8_t room[HANDOVER_BYTES_MAX];
	size_t bytes = handover_write(room, sizeof room, &in), by_uuid;

	(void)state;
	assert_int_equal(read_exact(room, bytes, &out, NULL), HANDOVER_OK);
	assert_false(out.id_is_uuid);
	in.id_is_uuid = true;
	by_uuid = handover_write(room, sizeof room, &in);
	assert_int_equal(by_uuid, bytes + 5);
	assert_int_equal(read_exact(room, by_uuid, &out, NULL), HANDOVER_OK);
	assert_true(out.id_is_uuid);
}

/* A reader that does not know it must refuse: untagged, nothing would be heard of the disk. */
static void a_vlan_is_told_and_must_be_understood(void **state)
{
	static const uint8_t tlv[] = { 0x81, 0x0b, 0, 2, 0, 9 };
	struct handover in = example(), out;
	uint8_t room[HANDOVER_BYTES_MAX];
	size_t bytes = handover_write(room, sizeof room, &in), tagged, at = 0;

	(void)state;
	assert_int_equal(read_exact(room, bytes, &out, NULL), HANDOVER_OK);
	assert_int_equal(out.vlan, 0);
	in.vlan = 9;
	tagged = handover_write(room, sizeof room, &in);
	assert_int_equal(tagged, bytes + sizeof tlv);
	while (at + sizeof tlv <= tagged && memcmp(room + at, tlv, sizeof tlv) != 0)
		at++;
	assert_true(at + sizeof tlv <= tagged);
	assert_int_equal(read_exact(room, tagged, &out, NULL), HANDOVER_OK);
	assert_int_equal(out.vlan, 9);
}

static void no_prefix_is_a_block(void **state)
{
	struct handover in = example(), out, zero;
	uint8_t room[HANDOVER_BYTES_MAX];
	size_t bytes = handover_write(room, sizeof room, &in);

	(void)state;
	memset(&zero, 0, sizeof zero);
	for (size_t len = 0; len < bytes; len++) {
		assert_true(read_exact(room, len, &out, NULL) != HANDOVER_OK);
		assert_memory_equal(&out, &zero, sizeof out);
	}
	for (size_t size = 0; size < bytes; size++)
		assert_int_equal(handover_write(room, size, &in), 0);
}

static void no_flipped_bit_goes_unseen(void **state)
{
	struct handover in = example(), out;
	uint8_t room[HANDOVER_BYTES_MAX];
	size_t bytes = handover_write(room, sizeof room, &in);

	(void)state;
	for (size_t bit = 0; bit < bytes * 8; bit++) {
		room[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_true(read_exact(room, bytes, &out, NULL) != HANDOVER_OK);
		room[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
}

/* A block of these TLVs with a good check. */
static size_t seal(uint8_t *room, size_t size, const uint8_t *tlvs, size_t len)
{
	struct wr w = wr_over(room, size);
	uint32_t check;

	for (int pass = 0; pass < 2; pass++) {
		check = pass ? crc32c(0, room, HANDOVER_HEAD_BYTES + len) : 0;
		w = wr_over(room, size);
		wr_bytes(&w, "RILLHAND", 8);
		wr_be16(&w, 1);
		wr_be16(&w, HANDOVER_HEAD_BYTES);
		wr_be32(&w, (uint32_t)(HANDOVER_HEAD_BYTES + len));
		wr_be32(&w, check);
		wr_bytes(&w, tlvs, len);
	}
	return wr_used(&w, room);
}

static void a_missing_part_is_named(void **state)
{
	static const struct { uint16_t type; const char *name; } needed[] = {
		{ TLV_CONTENT, "CONTENT" }, { TLV_TICKET, "TICKET" }, { TLV_SIZE, "SIZE" }, { TLV_DISK, "DISK" },
		{ TLV_SERVER, "SERVER" }, { TLV_SESSION, "SESSION" }, { TLV_SERVER_CURRENT, "SERVER_CURRENT" },
		{ TLV_LEASE, "LEASE" }, { TLV_CARD, "CARD" },
	};
	struct handover in = example(), out;
	uint8_t room[HANDOVER_BYTES_MAX], less[HANDOVER_BYTES_MAX], block[HANDOVER_BYTES_MAX + 20];
	size_t bytes = handover_write(room, sizeof room, &in);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(needed); i++) {
		struct rd r = rd_over(room + HANDOVER_HEAD_BYTES, bytes - HANDOVER_HEAD_BYTES);
		struct wr w = wr_over(less, sizeof less);
		const char *missing = "";
		struct tlv t;

		while (rd_tlv(&r, &t)) {
			if (t.type == needed[i].type)
				continue;
			wr_be16(&w, t.type);
			wr_be16(&w, (uint16_t)rd_left(&t.value));
			wr_rest(&w, t.value);
		}
		assert_int_equal(read_exact(block, seal(block, sizeof block, less, wr_used(&w, less)), &out, &missing),
		                 HANDOVER_INCOMPLETE);
		assert_string_equal(missing, needed[i].name);
	}
}

static void what_is_unknown_is_skipped_unless_it_must_be_known(void **state)
{
	struct handover in = example(), out;
	uint8_t room[HANDOVER_BYTES_MAX], more[HANDOVER_BYTES_MAX], block[HANDOVER_BYTES_MAX + 20];
	size_t bytes = handover_write(room, sizeof room, &in) - HANDOVER_HEAD_BYTES;
	static const struct { uint16_t type; enum handover_verdict verdict; size_t len; } cases[] = {
		{ 300, HANDOVER_OK, 3 },
		{ 300 | TLV_MUST, HANDOVER_DEMANDS_MORE, 3 },
		{ 200 | TLV_MUST, HANDOVER_DEMANDS_MORE, 3 },
		{ TLV_PAD | TLV_MUST, HANDOVER_OK, 3 },
		{ TLV_DNS | TLV_MUST, HANDOVER_DAMAGED, 3 },
		{ TLV_MTU, HANDOVER_DAMAGED, 3 },
		{ TLV_MTU, HANDOVER_DAMAGED, 2 },        /* a second one */
		{ TLV_DRIVE, HANDOVER_DAMAGED, 1 },
		{ TLV_TIMES, HANDOVER_DAMAGED, 3 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct wr w = wr_over(more, sizeof more);

		wr_bytes(&w, room + HANDOVER_HEAD_BYTES, bytes);
		wr_tlv(&w, cases[i].type, "abc", cases[i].len);
		assert_int_equal(read_exact(block, seal(block, sizeof block, more, wr_used(&w, more)), &out, NULL),
		                 cases[i].verdict);
	}
}

static void addresses_are_ipv4_or_not(void **state)
{
	struct handover_ip none = handover_ipv4(0), some = handover_ipv4(0xc0a80101);
	uint32_t ip;

	(void)state;
	assert_false(handover_ip_is_ipv4(&none, &ip));
	assert_true(handover_ip_is_ipv4(&some, &ip));
	assert_int_equal(ip, 0xc0a80101);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(whom_the_lease_was_given_to_is_told),
		cmocka_unit_test(a_vlan_is_told_and_must_be_understood),
		cmocka_unit_test(no_prefix_is_a_block),
		cmocka_unit_test(no_flipped_bit_goes_unseen),
		cmocka_unit_test(a_missing_part_is_named),
		cmocka_unit_test(what_is_unknown_is_skipped_unless_it_must_be_known),
		cmocka_unit_test(addresses_are_ipv4_or_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
