/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/test.h"
#include "netstack/wire/stream.h"

static const struct stream_content content = { { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 } };
static const struct stream_head read_head = {
	.type = STREAM_TREAD, .flags = STREAM_AHEAD, .generation = 3, .request = 0x01020304,
	.session = 0x1122334455667788,
};

static struct stream_read some_read(void)
{
	struct stream_read read = { .content = content, .offset = 1 << 20, .length = 64 * 1024, .segment = 1408,
	                            .want = 0x7fff00000001, .ticket = { .len = 41 } };

	memset(read.ticket.bytes, 0xa5, read.ticket.len);
	return read;
}

/* A sealed Tread; its length. */
static size_t make_read(uint8_t *room, size_t size, const struct stream_read *read)
{
	struct wr w = wr_over(room, size);

	wr_stream_read(&w, &read_head, read);
	assert_true(wr_ok(&w));
	stream_seal(room, wr_used(&w, room), NULL);
	return wr_used(&w, room);
}

static size_t make_data(uint8_t *room, size_t size, uint64_t offset, size_t len)
{
	struct wr w = wr_over(room, size);
	struct stream_head head = read_head;

	head.type = STREAM_RDATA;
	wr_stream_data_head(&w, &head, offset);
	for (size_t i = 0; i < len; i++)
		wr_u8(&w, (uint8_t)i);
	assert_true(wr_ok(&w));
	stream_seal(room, wr_used(&w, room), &content);
	return wr_used(&w, room);
}

/* Whether these bytes, as a heap block of their own, are a good Tread. */
static bool opens_as_read(const uint8_t *bytes, size_t len, struct stream_read *read)
{
	uint8_t *copy = exact_copy(bytes, len);
	struct stream_head head;
	struct rd body;
	bool ok = stream_open(rd_over(copy, len), &head, &body) && head.type == STREAM_TREAD
	       && rd_stream_read(body, read);

	free(copy);
	return ok;
}

static bool opens_as_data(const uint8_t *bytes, size_t len, const struct stream_content *of)
{
	uint8_t *copy = exact_copy(bytes, len);
	struct rd data;
	uint64_t offset;
	bool ok = stream_open_data(rd_over(copy, len), of, &offset, &data);

	free(copy);
	return ok;
}

static void crc32c_is_the_one_of_rfc_3720(void **state)
{
	uint8_t bytes[48];

	(void)state;
	assert_int_equal(crc32c(0, "123456789", 9), 0xe3069283);
	memset(bytes, 0, 32);
	assert_int_equal(crc32c(0, bytes, 32), 0x8a9136aa);     /* RFC 3720 B.4 */
	memset(bytes, 0xff, 32);
	assert_int_equal(crc32c(0, bytes, 32), 0x62a8ab43);
	for (unsigned i = 0; i < 32; i++)
		bytes[i] = (uint8_t)i;
	assert_int_equal(crc32c(0, bytes, 32), 0x46dd794e);
	for (unsigned i = 0; i < 48; i++)
		bytes[i] = (uint8_t)(i * 37);
	for (unsigned cut = 0; cut <= 48; cut++)
		assert_int_equal(crc32c(crc32c(0, bytes, cut), bytes + cut, 48 - cut), crc32c(0, bytes, 48));
}

static void a_good_read_gives_its_values(void **state)
{
	struct stream_read in = some_read(), out;
	struct stream_head head;
	struct rd body;
	uint8_t bytes[256];
	size_t len = make_read(bytes, sizeof bytes, &in);

	(void)state;
	assert_true(stream_open(rd_over(bytes, len), &head, &body));
	assert_int_equal(head.type, STREAM_TREAD);
	assert_int_equal(head.flags, STREAM_AHEAD);
	assert_int_equal(head.generation, 3);
	assert_int_equal(head.request, 0x01020304);
	assert_int_equal(head.session, 0x1122334455667788);
	assert_true(rd_stream_read(body, &out));
	assert_memory_equal(&out.content, &content, sizeof content);
	assert_int_equal(out.offset, 1 << 20);
	assert_int_equal(out.length, 64 * 1024);
	assert_int_equal(out.segment, 1408);
	assert_int_equal(out.want, 0x7fff00000001);
	assert_int_equal(out.ticket.len, 41);
	assert_memory_equal(out.ticket.bytes, in.ticket.bytes, 41);
}

static void m05_every_prefix_of_a_read_is_dropped(void **state)
{
	struct stream_read in = some_read(), out;
	uint8_t bytes[256], cut[256];
	size_t len = make_read(bytes, sizeof bytes, &in);

	(void)state;
	assert_true(opens_as_read(bytes, len, &out));
	for (size_t n = 0; n < len; n++) {
		assert_false(opens_as_read(bytes, n, &out));
		if (n < STREAM_HEAD_BYTES)
			continue;
		memcpy(cut, bytes, n);                  /* with a good check it is still too short */
		stream_seal(cut, n, NULL);
		assert_false(opens_as_read(cut, n, &out));
	}
	bytes[len] = 0;                                 /* and with a byte more it is too long */
	stream_seal(bytes, len + 1, NULL);
	assert_false(opens_as_read(bytes, len + 1, &out));
}

static void m05_every_flipped_bit_of_a_read_is_noticed(void **state)
{
	struct stream_read in = some_read(), out;
	uint8_t bytes[256], again[256];
	size_t len = make_read(bytes, sizeof bytes, &in), same;

	(void)state;
	for (size_t bit = 0; bit < len * 8; bit++) {
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_false(opens_as_read(bytes, len, &out));
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	/* With the check made good, whatever is accepted is a read that can be written again. */
	for (size_t bit = STREAM_HEAD_BYTES * 8; bit < len * 8; bit++) {
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
		stream_seal(bytes, len, NULL);
		if (opens_as_read(bytes, len, &out)) {
			same = make_read(again, sizeof again, &out);
			assert_int_equal(same, len);
			assert_memory_equal(again, bytes, len);
		}
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
}

#define refuse(field, value) do { struct stream_read bad = some_read(), got; uint8_t room[256]; size_t n; \
	bad.field = value; n = make_read(room, sizeof room, &bad); \
	assert_false(opens_as_read(room, n, &got)); } while (0)

static void m19_bounds_what_a_read_may_ask(void **state)
{
	struct stream_read ok = some_read(), out;
	uint8_t bytes[256];

	(void)state;
	refuse(length, 0);
	refuse(length, 513);
	refuse(length, 0xfffffe00);
	refuse(length, 64 * 1408 + 512);
	refuse(offset, 511);
	refuse(segment, 0);
	refuse(segment, 496);
	refuse(segment, 1407);
	refuse(segment, STREAM_SEGMENT_BYTES_MAX + 16);
	refuse(want, 0);
	refuse(want, (uint64_t)1 << 47);
	ok.want = (uint64_t)1 << 46;
	assert_true(opens_as_read(bytes, make_read(bytes, sizeof bytes, &ok), &out));
	ok.segment = 1024;
	ok.want    = (uint64_t)1 << 63;
	assert_true(opens_as_read(bytes, make_read(bytes, sizeof bytes, &ok), &out));
	ok.ticket.len = 0;
	assert_true(opens_as_read(bytes, make_read(bytes, sizeof bytes, &ok), &out));
}

static void a_ticket_longer_than_64_bytes_is_malformed(void **state)
{
	uint8_t body[32 + 8 + 65] = { 0 };
	struct stream_ticket ticket;
	struct stream_read read;
	struct rd tlvs;
	struct wr w = wr_over(body + 30, 2);

	(void)state;
	wr_be16(&w, 65);
	assert_false(rd_stream_read(rd_over(body, sizeof body), &read));
	w = wr_over(body, 2);
	wr_be16(&w, 65);
	assert_false(rd_stream_ticketed(rd_over(body, sizeof body), &ticket, &tlvs));
	w = wr_over(body, 2);
	wr_be16(&w, 64);
	assert_true(rd_stream_ticketed(rd_over(body, sizeof body), &ticket, &tlvs));
	assert_int_equal(ticket.len, 64);
	assert_int_equal(rd_left(&tlvs), sizeof body - 66);
	assert_false(rd_stream_ticketed(rd_over(body, 65), &ticket, &tlvs));
}

static void data_is_good_for_its_own_content_only(void **state)
{
	struct stream_content other = content;
	struct stream_head head;
	struct rd body, data;
	uint64_t offset;
	uint8_t bytes[1500];
	size_t len = make_data(bytes, sizeof bytes, 0x123456789000, 1408);

	(void)state;
	assert_true(stream_open(rd_over(bytes, len), &head, &body));
	assert_int_equal(head.type, STREAM_RDATA);
	assert_true(stream_open_data(rd_over(bytes, len), &content, &offset, &data));
	assert_int_equal(offset, 0x123456789000);
	assert_int_equal(rd_left(&data), 1408);
	assert_int_equal(rd_be32(&data), 0x00010203);
	other.id[15] ^= 1;
	assert_false(opens_as_data(bytes, len, &other));
}

static void m05_damaged_data_is_dropped(void **state)
{
	uint8_t bytes[600];
	size_t len = make_data(bytes, sizeof bytes, 512, 512);

	(void)state;
	assert_true(opens_as_data(bytes, len, &content));
	for (size_t n = 0; n < len; n++)
		assert_false(opens_as_data(bytes, n, &content));
	for (size_t bit = 0; bit < len * 8; bit++) {
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_false(opens_as_data(bytes, len, &content));
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
}

static void m05_unknown_versions_and_types_are_dropped(void **state)
{
	uint8_t bytes[STREAM_HEAD_BYTES] = { 0 };
	struct stream_head head;
	struct rd body;
	unsigned known = 0;

	(void)state;
	for (unsigned type = 0; type < 256; type++) {
		bytes[0] = STREAM_VERSION;
		bytes[1] = (uint8_t)type;
		stream_seal(bytes, sizeof bytes, NULL);
		known += stream_open(rd_over(bytes, sizeof bytes), &head, &body);
		bytes[0] = STREAM_VERSION + 1;
		stream_seal(bytes, sizeof bytes, NULL);
		assert_false(stream_open(rd_over(bytes, sizeof bytes), &head, &body));
		assert_non_null(stream_type_text((uint8_t)type));
	}
	assert_int_equal(known, 26);
	bytes[0] = STREAM_VERSION;
	bytes[1] = STREAM_TPING;
	bytes[2] = STREAM_KEYED;
	stream_seal(bytes, sizeof bytes, NULL);
	assert_false(stream_open(rd_over(bytes, sizeof bytes), &head, &body));
}

static void m07_unknown_flags_are_ignored(void **state)
{
	uint8_t bytes[STREAM_HEAD_BYTES] = { STREAM_VERSION, STREAM_RPING, 0xf0 };
	struct stream_head head;
	struct rd body;

	(void)state;
	stream_seal(bytes, sizeof bytes, NULL);
	assert_true(stream_open(rd_over(bytes, sizeof bytes), &head, &body));
	assert_true(rd_done(&body));
	assert_int_equal(stream_flags(rd_over(bytes, 3)), 0xf0);
	assert_int_equal(stream_flags(rd_over(bytes, 2)), 0);
}

static void short_bodies_are_malformed(void **state)
{
	uint8_t bytes[17] = { 0, 3 };
	struct stream_cookie cookie;
	enum stream_error code;

	(void)state;
	assert_true(rd_stream_cookie(rd_over(bytes, 16), &cookie));
	assert_false(rd_stream_cookie(rd_over(bytes, 15), &cookie));
	assert_false(rd_stream_cookie(rd_over(bytes, 17), &cookie));
	assert_true(rd_stream_error(rd_over(bytes, 2), &code));
	assert_int_equal(code, ERROR_OUT_OF_RANGE);
	assert_false(rd_stream_error(rd_over(bytes, 1), &code));
	assert_false(rd_stream_error(rd_over(bytes, 3), &code));
}

static void segments_cover_a_read_exactly(void **state)
{
	(void)state;
	for (uint32_t length = 512; length <= 64 * 1024; length += 512)
		for (unsigned segment = 1024; segment <= 8928; segment += 16) {
			unsigned count = stream_segments(length, (uint16_t)segment);
			uint32_t last = stream_segment_bytes(length, (uint16_t)segment, count - 1);

			assert_true(last > 0 && (count - 1) * segment + last == length);
			assert_int_equal(stream_segment_bytes(length, (uint16_t)segment, count), 0);
		}
	assert_int_equal(stream_segments(0, 512), 0);
	assert_int_equal(stream_segments(0xfffffe00, 8928), 0xfffffe00 / 8928 + 1);
	assert_int_equal(stream_all_segments(1), 1);
	assert_int_equal(stream_all_segments(63), UINT64_MAX >> 1);
	assert_int_equal(stream_all_segments(64), UINT64_MAX);
}

static void addresses_are_ipv6_or_mapped(void **state)
{
	struct stream_address a = stream_address_ipv4(0xc0a80102, 6910), b = a;
	uint32_t ip;

	(void)state;
	assert_true(stream_address_is_ipv4(&a, &ip));
	assert_int_equal(ip, 0xc0a80102);
	assert_true(stream_address_same(&a, &b));
	b.port++;
	assert_false(stream_address_same(&a, &b));
	a.ip[10] = 0;
	assert_false(stream_address_is_ipv4(&a, &ip));
	b.port--;
	assert_false(stream_address_same(&a, &b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(crc32c_is_the_one_of_rfc_3720),
		cmocka_unit_test(a_good_read_gives_its_values),
		cmocka_unit_test(m05_every_prefix_of_a_read_is_dropped),
		cmocka_unit_test(m05_every_flipped_bit_of_a_read_is_noticed),
		cmocka_unit_test(m19_bounds_what_a_read_may_ask),
		cmocka_unit_test(a_ticket_longer_than_64_bytes_is_malformed),
		cmocka_unit_test(data_is_good_for_its_own_content_only),
		cmocka_unit_test(m05_damaged_data_is_dropped),
		cmocka_unit_test(m05_unknown_versions_and_types_are_dropped),
		cmocka_unit_test(m07_unknown_flags_are_ignored),
		cmocka_unit_test(short_bodies_are_malformed),
		cmocka_unit_test(segments_cover_a_read_exactly),
		cmocka_unit_test(addresses_are_ipv6_or_mapped),
	};

	return cmocka_run_group_tests_name("wire/stream", tests, NULL, NULL);
}
