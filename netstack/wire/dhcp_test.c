/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The DHCP parser from three sides, its options from all their places, and every byte of what we say. */
#include "lib/test.h"
#include "netstack/wire/dhcp_fake.h"

static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 1 };
enum { XID = 0x12345678, OUR_IP = 0xc0a8012a, SERVER_IP = 0xc0a80101 };

static struct fake_reply r;
static struct dhcp_packet p;

/* Parses a heap copy of exactly these bytes; p must not be read any deeper afterwards. */
static bool parse_exact(const uint8_t *bytes, size_t len)
{
	uint8_t *copy = exact_copy(bytes, len);
	uint8_t room[32];
	bool ok = dhcp_parse(rd_over(copy, len), &p);

	if (ok)
		for (unsigned code = 1; code < 255; code++)
			dhcp_option(&p, code, room, sizeof room);
	free(copy);
	return ok;
}

static void build_offer(void)
{
	fake_reply(&r, DHCP_OFFER, XID, mac, OUR_IP);
	fake_ip(&r, OPT_SERVER_ID, SERVER_IP);
	fake_ip(&r, OPT_NETMASK, 0xffffff00);
	fake_text(&r, OPT_CLASS, "PXEClient");
	wr_be16(&r.w, OPT_PAD);         /* two of them */
	fake_end(&r);
}

static void a_good_offer_gives_its_values(void **state)
{
	uint8_t room[16];

	(void)state;
	build_offer();
	fake_field(&r, FAKE_SIADDR_AT, SERVER_IP + 1);
	memcpy(r.bytes + FAKE_FILE_AT, "pxelinux.0", 10);
	assert_true(dhcp_parse(rd_over(r.bytes, r.len), &p));
	assert_int_equal(p.type, DHCP_OFFER);
	assert_int_equal(p.xid, XID);
	assert_int_equal(p.your_ip, OUR_IP);
	assert_int_equal(p.next_ip, SERVER_IP + 1);
	assert_memory_equal(p.mac, mac, 6);
	assert_true(rd_is(&p.boot_file, "pxelinux.0", 11));
	assert_int_equal(dhcp_option(&p, OPT_CLASS, room, sizeof room), 9);
	assert_memory_equal(room, "PXEClient", 9);
	assert_int_equal(dhcp_option(&p, OPT_CLASS, room, 3), 3);
	assert_int_equal(dhcp_option(&p, OPT_ROUTER, room, sizeof room), 0);
	assert_true(p.options_seen[OPT_CLASS / 8] >> OPT_CLASS % 8 & 1);
	assert_false(p.options_seen[0] >> OPT_ROUTER & 1);
}

static void a_prefix_is_good_only_where_an_option_ends(void **state)
{
	(void)state;
	build_offer();
	assert_true(parse_exact(r.bytes, r.len));
	for (size_t cut = 0; cut < FAKE_OPTIONS_AT; cut++)
		assert_false(parse_exact(r.bytes, cut));
	for (size_t cut = FAKE_OPTIONS_AT, edge = cut; cut < r.len; cut++) {
		assert_int_equal(parse_exact(r.bytes, cut), cut == edge);
		if (cut == edge)
			edge += r.bytes[edge] == OPT_PAD || r.bytes[edge] == OPT_END ? 1u : 2u + r.bytes[edge + 1];
	}
}

static void no_flipped_bit_is_worse_than_a_refusal(void **state)
{
	(void)state;
	build_offer();
	for (size_t i = 0; i < r.len; i++)
		for (unsigned bit = 0; bit < 8; bit++) {
			bool accepted;

			r.bytes[i] ^= (uint8_t)(1u << bit);
			accepted = parse_exact(r.bytes, r.len);
			r.bytes[i] ^= (uint8_t)(1u << bit);
			/* op, htype, hlen and the magic have one right value each. */
			if (i < 3 || (i >= FAKE_MAGIC_AT && i < FAKE_OPTIONS_AT))
				assert_false(accepted);
			else if (i < FAKE_MAGIC_AT)
				assert_true(accepted);
		}
}

static void repeated_options_are_one(void **state)
{
	char room[16];

	(void)state;
	fake_reply(&r, DHCP_ACK, XID, mac, OUR_IP);
	fake_text(&r, OPT_BOOT_FILE, "one ");
	fake_text(&r, OPT_ROOT_PATH, "between");
	fake_text(&r, OPT_BOOT_FILE, "file");
	fake_end(&r);
	assert_true(dhcp_parse(rd_over(r.bytes, r.len), &p));
	assert_int_equal(dhcp_option(&p, OPT_BOOT_FILE, room, sizeof room), 8);
	assert_memory_equal(room, "one file", 8);
	assert_int_equal(dhcp_option(&p, OPT_BOOT_FILE, room, 6), 6);
}

static void overloaded_fields_count_in_their_order(void **state)
{
	char room[16];

	(void)state;
	for (uint8_t overload = 0; overload <= 3; overload++) {
		fake_reply(&r, DHCP_ACK, XID, mac, OUR_IP);
		fake_text(&r, OPT_BOOT_FILE, "a");
		fake_option(&r, OPT_OVERLOAD, &overload, 1);
		memcpy(r.bytes + FAKE_SNAME_AT, "\x43\x01s\xff", 4);
		memcpy(r.bytes + FAKE_FILE_AT, "\x43\x01" "f\xff", 4);
		assert_true(dhcp_parse(rd_over(r.bytes, r.len), &p));
		memset(room, 0, sizeof room);
		dhcp_option(&p, OPT_BOOT_FILE, room, sizeof room);
		assert_string_equal(room, ((const char *const[]){ "a", "af", "as", "afs" })[overload]);
		assert_int_equal(rd_left(&p.boot_file), overload & 1 ? 0 : 128);
		assert_int_equal(rd_left(&p.server_name), overload & 2 ? 0 : 64);
	}
	r.bytes[FAKE_SNAME_AT + 1] = 63;        /* reaches out of its field */
	assert_false(dhcp_parse(rd_over(r.bytes, r.len), &p));
}

/* BOOTP is what has no option 53; one that says nothing is a mistake, and no BOOTP. */
static void an_option_53_is_one_byte_and_not_0(void **state)
{
	static const struct { uint8_t value[2], len; bool good; } types[] = {
		{ { 2 }, 1, true }, { { 255 }, 1, true }, { { 0 }, 1, false }, { { 0 }, 0, false },
		{ { 2, 0 }, 2, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(types); i++) {
		fake_reply(&r, DHCP_BOOTP, XID, mac, OUR_IP);
		fake_option(&r, OPT_TYPE, types[i].value, types[i].len);
		fake_end(&r);
		assert_int_equal(parse_exact(r.bytes, r.len), types[i].good);
	}
	fake_reply(&r, DHCP_BOOTP, XID, mac, OUR_IP);
	fake_end(&r);
	assert_true(parse_exact(r.bytes, r.len));
	assert_int_equal(p.type, DHCP_BOOTP);
}

static void every_byte_of_a_discover(void **state)
{
	struct dhcp_question q = {
		.type = DHCP_DISCOVER, .xid = XID, .secs = 7, .broadcast = true, .mac = { 2, 0, 0, 0, 0, 1 },
		.uuid = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 },
		.architecture = 0, .undi_major = 2, .undi_minor = 1, .user_class = "Rill",
	};
	static const uint8_t head[12] = { 1, 1, 6, 0, 0x12, 0x34, 0x56, 0x78, 0, 7, 0x80, 0 };
	static const uint8_t before_list[] = { 53, 1, 1, 61, 7, 1, 2, 0, 0, 0, 0, 1, 55 };
	static const uint8_t after_list[] = {
		57, 2, 0x05, 0xc0,
		60, 32, 'P', 'X', 'E', 'C', 'l', 'i', 'e', 'n', 't', ':', 'A', 'r', 'c', 'h', ':',
		'0', '0', '0', '0', '0', ':', 'U', 'N', 'D', 'I', ':', '0', '0', '2', '0', '0', '1',
		93, 2, 0, 0, 94, 3, 1, 2, 1,
		97, 17, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
		77, 5, 4, 'R', 'i', 'l', 'l', 255,
	};
	uint8_t bytes[DHCP_SIZE_MAX];
	struct wr w = wr_over(bytes, sizeof bytes);
	const uint8_t *at = bytes + FAKE_OPTIONS_AT;

	(void)state;
	dhcp_emit(&w, &q);
	assert_true(wr_ok(&w));
	assert_memory_equal(bytes, head, sizeof head);
	assert_memory_equal(bytes + FAKE_CHADDR_AT, mac, 6);
	assert_memory_equal(at, before_list, sizeof before_list);
	at += sizeof before_list;
	assert_in_range(*at, 30, 60);
	assert_non_null(memchr(at + 1, OPT_ROUTES, *at));
	assert_true(memchr(at + 1, OPT_ROUTES, *at) < memchr(at + 1, OPT_ROUTER, *at));
	at += 1 + *at;
	assert_memory_equal(at, after_list, sizeof after_list);
	at += sizeof after_list;
	assert_int_equal(wr_used(&w, bytes), at - bytes);
	assert_in_range(wr_used(&w, bytes), DHCP_SIZE_MIN, 548);
}

/* What EDK2 and iPXE ask for, and with that what servers are known to answer; each once. */
static void all_is_asked_for_that_others_ask_for(void **state)
{
	static const uint8_t edk2[] = {
		1, 2, 3, 4, 5, 6, 12, 13, 15, 17, 18, 22, 23, 28, 40, 41, 42, 43, 50, 51, 54, 58, 59, 60, 66, 67, 97,
		128, 129, 130, 131, 132, 133, 134, 135,
	};
	static const uint8_t ipxe[] = {
		1, 3, 6, 7, 12, 15, 17, 26, 42, 43, 60, 66, 67, 119, 121, 128, 129, 130, 131, 132, 133, 134, 135, 175,
		203,
	};
	struct dhcp_question q = { .type = DHCP_REQUEST };
	uint8_t bytes[DHCP_SIZE_MAX], times[256] = { 0 };
	struct wr w = wr_over(bytes, sizeof bytes);
	const uint8_t *at = bytes + FAKE_OPTIONS_AT;

	(void)state;
	dhcp_emit(&w, &q);
	while (*at != OPT_PARAMETERS)
		at += 2 + at[1];
	for (unsigned i = 0; i < at[1]; i++)
		assert_int_equal(++times[at[2 + i]], 1);
	for (size_t i = 0; i < sizeof edk2; i++)
		assert_int_equal(times[edk2[i]], 1);
	for (size_t i = 0; i < sizeof ipxe; i++)
		assert_int_equal(times[ipxe[i]], 1);
	assert_int_equal(times[OPT_STATIC_ROUTES], 1);
}

static void a_client_id_can_be_the_uuid(void **state)
{
	static const uint8_t id[] = { 61, 17, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };
	static const uint8_t text[] = { 56, 3, 'w', 'h', 'y', 255 };
	struct dhcp_question q = {
		.type = DHCP_DECLINE, .id_is_uuid = true, .message = "why",
		.uuid = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 },
	};
	uint8_t bytes[DHCP_SIZE_MAX];
	struct wr w = wr_over(bytes, sizeof bytes);

	(void)state;
	dhcp_emit(&w, &q);
	assert_memory_equal(bytes + FAKE_OPTIONS_AT + 3, id, sizeof id);
	assert_memory_equal(bytes + FAKE_OPTIONS_AT + 3 + sizeof id, text, sizeof text);
}

/* Three bytes of a /24, none of a default route, four of a host; one that is on the link; and the MTU. */
static void an_ack_tells_routes_and_mtu(void **state)
{
	static const struct dhcp_route routes[] = {
		{ 0xa9fea9fe, UINT32_MAX, 0xac100002 }, { 0x0a010200, 0xffffff00, 0 }, { 0x0a800000, 0xff800000, 9 },
		{ 0, 0, 0xac100001 },
	};
	static const uint8_t value[] = {
		32, 169, 254, 169, 254, 172, 16, 0, 2,  24, 10, 1, 2, 0, 0, 0, 0,  9, 10, 128, 0, 0, 0, 9,
		0, 172, 16, 0, 1,
	};
	const struct dhcp_ack ack = {
		.boot_file = "", .routes = routes, .route_count = COUNT_OF(routes), .mtu = 1450, .router = 0xac100001,
	};
	uint8_t bytes[DHCP_SIZE_MAX], room[64];
	struct wr w = wr_over(bytes, sizeof bytes);

	(void)state;
	dhcp_emit_ack(&w, &ack);
	assert_true(dhcp_parse(rd_over(bytes, wr_used(&w, bytes)), &p));
	assert_int_equal(dhcp_option(&p, OPT_ROUTES, room, sizeof room), sizeof value);
	assert_memory_equal(room, value, sizeof value);
	assert_int_equal(dhcp_option(&p, OPT_MTU, room, sizeof room), 2);
	assert_memory_equal(room, "\x05\xaa", 2);
	assert_int_equal(dhcp_option(&p, OPT_ROUTER, room, sizeof room), 4);
}

static void a_request_names_address_and_server(void **state)
{
	struct dhcp_question q = {
		.type = DHCP_RELEASE, .client_ip = OUR_IP, .requested_ip = OUR_IP, .server_id = SERVER_IP,
	};
	uint8_t bytes[DHCP_SIZE_MAX];
	struct wr w = wr_over(bytes, sizeof bytes);

	(void)state;
	dhcp_emit(&w, &q);
	assert_int_equal(wr_used(&w, bytes), DHCP_SIZE_MIN);    /* padded */
	assert_memory_equal(bytes + 12, "\xc0\xa8\x01\x2a", 4);
	assert_memory_equal(bytes + FAKE_OPTIONS_AT + 3, "\x32\x04\xc0\xa8\x01\x2a\x36\x04\xc0\xa8\x01\x01", 12);
	w = wr_over(bytes, 299);
	dhcp_emit(&w, &q);
	assert_false(wr_ok(&w));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_offer_gives_its_values),
		cmocka_unit_test(a_prefix_is_good_only_where_an_option_ends),
		cmocka_unit_test(no_flipped_bit_is_worse_than_a_refusal),
		cmocka_unit_test(repeated_options_are_one),
		cmocka_unit_test(overloaded_fields_count_in_their_order),
		cmocka_unit_test(an_option_53_is_one_byte_and_not_0),
		cmocka_unit_test(every_byte_of_a_discover),
		cmocka_unit_test(all_is_asked_for_that_others_ask_for),
		cmocka_unit_test(a_client_id_can_be_the_uuid),
		cmocka_unit_test(an_ack_tells_routes_and_mtu),
		cmocka_unit_test(a_request_names_address_and_server),
	};

	return cmocka_run_group_tests_name("wire/dhcp", tests, NULL, NULL);
}
