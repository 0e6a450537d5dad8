/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/log.h"
#include "lib/test.h"
#include "loader/config.h"
#include "netstack/wire/tlv.h"

static enum config_verdict read_exact(const uint8_t *bytes, size_t len, struct config *c, struct config_complaint *why)
{
	uint8_t *copy = exact_copy(bytes, len);
	enum config_verdict v = config_read(rd_over(copy, len), c, why);

	free(copy);
	return v;
}

/* A block of these TLVs. */
static size_t block_of(uint8_t *room, size_t size, const uint8_t *tlvs, size_t len)
{
	struct wr w = wr_over(room, size);

	wr_bytes(&w, CONFIG_MAGIC, 8);
	wr_be16(&w, CONFIG_VERSION);
	wr_be16(&w, (uint16_t)len);
	if (len)
		wr_bytes(&w, tlvs, len);
	return wr_used(&w, room);
}

/* An IPv4 address as the protocol writes it begins so. */
#define V4 "\0\0\0\0\0\0\0\0\0\0\xff\xff"

static size_t example(uint8_t *room, size_t size)
{
	static const uint8_t serial[6] = { 0x02, 0xf8, 0, 0, 0x25, 0x80 };
	uint8_t tlvs[300];
	struct wr w = wr_over(tlvs, sizeof tlvs);

	wr_tlv_text(&w, TLV_CONFIG_URI, "rill://10.0.0.2/debian");
	wr_tlv_u8(&w, TLV_CONFIG_VERBOSITY, LOG_DEBUG);
	wr_tlv(&w, TLV_CONFIG_SERIAL, serial, sizeof serial);
	wr_tlv_u8(&w, TLV_CONFIG_DRIVER, CONFIG_DRIVER_UNDI);
	wr_tlv_u16(&w, TLV_CONFIG_VLAN, 9);
	wr_tlv(&w, TLV_CONFIG_ADDRESS, V4 "\x0a\0\0\x05\x18" V4 "\x0a\0\0\x01", 33);
	wr_tlv(&w, TLV_CONFIG_DNS, V4 "\x0a\0\0\x03" V4 "\x0a\0\0\x04", 32);
	wr_tlv_u8(&w, TLV_CONFIG_CLIENT_ID, CONFIG_ID_UUID);
	wr_tlv(&w, TLV_CONFIG_LOG_SERVER, V4 "\x0a\0\0\x02", 16);
	wr_tlv_u16(&w, TLV_CONFIG_LINK_WAIT, 120);
	wr_tlv_u16(&w, TLV_CONFIG_PROXY_WAIT, 4000);
	wr_tlv_u16(&w, TLV_CONFIG_LOGIN_WAIT, 20);
	wr_tlv_u16(&w, TLV_CONFIG_START_DELAY, 30);
	wr_tlv_u8(&w, TLV_CONFIG_POLICY, CONFIG_NEXT_DEVICE);
	wr_tlv_u8(&w, TLV_CONFIG_TRIES, 3);
	wr_tlv_u8(&w, TLV_CONFIG_MULTICAST, 1);
	wr_tlv(&w, 600, "later", 5);
	return block_of(room, size, tlvs, wr_used(&w, tlvs));
}

static void a_good_block_gives_its_values(void **state)
{
	struct config_complaint why;
	struct config c;
	uint8_t bytes[400];

	(void)state;
	assert_int_equal(read_exact(bytes, example(bytes, sizeof bytes), &c, &why), CONFIG_OK);
	assert_string_equal(c.uri, "rill://10.0.0.2/debian");
	assert_int_equal(c.verbosity, LOG_DEBUG);
	assert_int_equal(c.serial_port, 0x2f8);
	assert_int_equal(c.serial_baud, 9600);
	assert_int_equal(c.driver, CONFIG_DRIVER_UNDI);
	assert_int_equal(c.vlan, 9);
	assert_int_equal(c.address.ip, 0x0a000005);
	assert_int_equal(c.address.mask, 0xffffff00);
	assert_int_equal(c.address.router, 0x0a000001);
	assert_true(c.dns[0] == 0x0a000003 && c.dns[1] == 0x0a000004 && !c.dns[2] && !c.dns[3]);
	assert_int_equal(c.client_id, CONFIG_ID_UUID);
	assert_int_equal(c.log_server, 0x0a000002);
	assert_true(c.link_wait_s == 120 && c.proxy_wait_ms == 4000 && c.login_wait_s == 20 && c.start_delay_s == 30);
	assert_true(c.policy == CONFIG_NEXT_DEVICE && c.tries == 3 && c.multicast == 1);
	assert_int_equal(read_exact(bytes, block_of(bytes, sizeof bytes, NULL, 0), &c, &why), CONFIG_NONE);
}

static void nonsense_is_named_with_its_place(void **state)
{
	static const struct { const char *tlvs; size_t len, at; const char *word; } cases[] = {
		{ "\x02\x00\x00\x05rill", 8, 12, "longer than the block" },
		{ "\x02\x00\x00\x03r\x01l", 7, 12, "no text" },
		{ "\x02\x01\x00\x01\x09", 5, 12, "verbosity" },
		{ "\x00\x00\x00\x00\x02\x01\x00\x02\x01\x01", 10, 16, "verbosity" },
		{ "\x02\x02\x00\x04\x03\xf8\x00\x00", 8, 12, "serial port" },
		{ "\x02\x02\x00\x06\x03\xf8\x00\x00\x00\x07", 10, 12, "speed" },
		{ "\x02\x03\x00\x01\x04", 5, 12, "driver" },
		{ "\x02\x03\x00\x02\x01\x01", 6, 12, "driver" },
		{ "\x02\x03\x00\x01\x01\x02\x03\x00\x01\x01", 10, 12, "twice" },
		{ "\x82\xff\x00\x00", 4, 12, "newer firmware" },
		{ "\x02\x01\x00\x01\x01\x02\x01\x00\x01\x01", 10, 12, "twice" },
	};
	struct config_complaint why;
	struct config c;
	uint8_t bytes[600];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		size_t len = block_of(bytes, sizeof bytes, (const uint8_t *)cases[i].tlvs, cases[i].len);

		assert_int_equal(read_exact(bytes, len, &c, &why), CONFIG_BAD);
		assert_int_equal(why.at, cases[i].at);
		assert_non_null(strstr(why.what, cases[i].word));
		assert_string_equal(c.uri, "");
	}
	memset(bytes, 0xff, sizeof bytes);
	assert_int_equal(read_exact(bytes, sizeof bytes, &c, &why), CONFIG_BAD);
	assert_non_null(strstr(why.what, CONFIG_MAGIC));
	block_of(bytes, sizeof bytes, NULL, 0);
	bytes[11] = 1;                                  /* one byte more than there is */
	assert_int_equal(read_exact(bytes, CONFIG_HEAD_BYTES, &c, &why), CONFIG_BAD);
	assert_int_equal(why.at, 10);
}

static const char *complaint_of(const void *tlvs, size_t len)
{
	struct config_complaint why;
	struct config c;
	uint8_t bytes[600];
	size_t size = block_of(bytes, sizeof bytes, tlvs, len);

	if (read_exact(bytes, size, &c, &why) == CONFIG_OK)
		return NULL;
	assert_int_equal(why.at, CONFIG_HEAD_BYTES);
	return why.what;
}

static void static_addresses_are_judged(void **state)
{
	static const struct { const char *ip, *router; uint8_t prefix; const char *word; } cases[] = {
		{ V4 "\x0a\0\0\x05", V4 "\x0a\0\0\x01", 24, NULL },
		{ V4 "\x0a\0\0\x05", V4 "\0\0\0\0", 24, NULL },                       /* no router */
		{ V4 "\x0a\0\0\x05", "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 24, NULL },
		{ V4 "\x0a\0\0\x01", V4 "\x0a\0\0\x02", 30, NULL },
		{ V4 "\x0a\0\0\x05", V4 "\x0a\0\0\x01", 31, "prefix" },
		{ V4 "\x0a\0\0\x05", V4 "\x0a\0\0\x01", 7, "prefix" },
		{ V4 "\x0a\0\0\0", V4 "\x0a\0\0\x01", 24, "no machine" },
		{ V4 "\x0a\0\0\xff", V4 "\x0a\0\0\x01", 24, "no machine" },
		{ V4 "\x7f\0\0\x05", V4 "\x7f\0\0\x01", 24, "no machine" },
		{ V4 "\xe0\0\0\x05", V4 "\xe0\0\0\x01", 24, "no machine" },
		{ V4 "\0\0\0\0", V4 "\x0a\0\0\x01", 24, "no machine" },
		{ V4 "\x0a\0\0\x05", V4 "\x0a\0\x01\x01", 24, "router" },
		{ V4 "\x0a\0\0\x05", V4 "\x0a\0\0\x05", 24, "router" },
		{ V4 "\x0a\0\0\x05", V4 "\x0a\0\0\xff", 24, "router" },
		{ "\x20\x01" V4 "\0\1", V4 "\x0a\0\0\x01", 24, "of IPv4" },
	};
	const char *what;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		uint8_t tlv[37];
		struct wr w = wr_over(tlv, sizeof tlv);

		wr_be16(&w, TLV_CONFIG_ADDRESS);
		wr_be16(&w, 33);
		wr_bytes(&w, cases[i].ip, 16);
		wr_u8(&w, cases[i].prefix);
		wr_bytes(&w, cases[i].router, 16);
		what = complaint_of(tlv, sizeof tlv);
		if (!what != !cases[i].word || (what && !strstr(what, cases[i].word)))
			fail_msg("case %zu: %s", i, what ? what : "no complaint");
		assert_non_null(complaint_of(tlv, sizeof tlv - 1));
	}
}

static void lists_of_hosts_are_judged(void **state)
{
	static const uint8_t four[64 + 16] = {
		[10] = 255, [11] = 255, [12] = 10, [26] = 255, [27] = 255, [28] = 10, [42] = 255, [43] = 255, [44] = 10,
		[58] = 255, [59] = 255, [60] = 10, [74] = 255, [75] = 255, [76] = 10,
	};

	(void)state;
	for (size_t len = 0; len <= sizeof four; len++) {
		uint8_t tlv[4 + sizeof four];
		struct wr w = wr_over(tlv, sizeof tlv);
		bool some = len && len % 16 == 0;

		wr_tlv(&w, TLV_CONFIG_DNS, four, len);
		assert_int_equal(complaint_of(tlv, wr_used(&w, tlv)) == NULL, some && len <= 64);
		w = wr_over(tlv, sizeof tlv);
		wr_tlv(&w, TLV_CONFIG_LOG_SERVER, four, len);
		assert_int_equal(complaint_of(tlv, wr_used(&w, tlv)) == NULL, len == 16);
	}
	assert_non_null(complaint_of("\x02\x08\0\x10" V4 "\xe0\0\0\x01", 20));       /* multicast logs nothing */
	assert_non_null(complaint_of("\x02\x08\0\x10" V4 "\0\0\0\0", 20));
}

static void what_is_added_wins_and_the_rest_stays(void **state)
{
	static const uint8_t later[] = "\x02\x04\0\x02\0\x07" "\x02\x0d\0\x01\0";     /* VLAN 7, retry */
	static const uint8_t wrong[] = "\x02\x04\0\x02\0\x08" "\x02\x0d\0\x01\x09";
	struct config_complaint why;
	struct config c;
	uint8_t bytes[400];

	(void)state;
	assert_int_equal(read_exact(bytes, example(bytes, sizeof bytes), &c, &why), CONFIG_OK);
	assert_int_equal(config_add(rd_over(bytes, block_of(bytes, sizeof bytes, later, 11)), &c, &why), CONFIG_OK);
	assert_int_equal(c.vlan, 7);
	assert_int_equal(c.policy, CONFIG_RETRY);
	assert_string_equal(c.uri, "rill://10.0.0.2/debian");
	assert_int_equal(c.address.ip, 0x0a000005);
	assert_int_equal(config_add(rd_over(bytes, block_of(bytes, sizeof bytes, wrong, 11)), &c, &why), CONFIG_BAD);
	assert_int_equal(why.at, 18);
	assert_int_equal(c.vlan, 7);            /* what was right before the nonsense does not count either */
	assert_int_equal(config_add(rd_over(bytes, block_of(bytes, sizeof bytes, NULL, 0)), &c, &why), CONFIG_NONE);
	assert_int_equal(c.vlan, 7);
}

/* ---- docs/configuration.md ---- */

static const struct { const char *name; unsigned type; } names[] = {
#define NAME(x) { #x, x }
	NAME(TLV_CONFIG_URI), NAME(TLV_CONFIG_VERBOSITY), NAME(TLV_CONFIG_SERIAL), NAME(TLV_CONFIG_DRIVER),
	NAME(TLV_CONFIG_VLAN), NAME(TLV_CONFIG_ADDRESS), NAME(TLV_CONFIG_DNS), NAME(TLV_CONFIG_CLIENT_ID),
	NAME(TLV_CONFIG_LOG_SERVER), NAME(TLV_CONFIG_LINK_WAIT), NAME(TLV_CONFIG_PROXY_WAIT),
	NAME(TLV_CONFIG_LOGIN_WAIT), NAME(TLV_CONFIG_START_DELAY), NAME(TLV_CONFIG_POLICY), NAME(TLV_CONFIG_TRIES),
	NAME(TLV_CONFIG_MULTICAST),
#undef NAME
};
_Static_assert(COUNT_OF(names) == TLV_CONFIG_END - TLV_CONFIG_URI, "every TLV of the block");

/* A number of one or two bytes. NULL: it is taken. */
static const char *complaint_of_number(unsigned type, unsigned bytes, unsigned value)
{
	uint8_t tlv[6];
	struct wr w = wr_over(tlv, sizeof tlv);

	if (bytes == 1)
		wr_tlv_u8(&w, (uint16_t)type, (uint8_t)value);
	else
		wr_tlv_u16(&w, (uint16_t)type, (uint16_t)value);
	return complaint_of(tlv, wr_used(&w, tlv));
}

/* "seconds[2], 1 to 600": just these are taken, of just that size. False: the value is no such number. */
static bool check_range(const char *name, unsigned type, const char *value)
{
	unsigned bytes, least, most, end;

	if (sscanf(value, " %*[a-z][%u], %u to %u", &bytes, &least, &most) != 3)
		return false;
	end = bytes == 1 ? UINT8_MAX : UINT16_MAX;
	assert_true((bytes == 1 || bytes == 2) && least < most && most <= end);
	for (unsigned v = 0; v <= end; v++)
		if ((complaint_of_number(type, bytes, v) == NULL) != (v >= least && v <= most))
			fail_msg("%s: the document says %u to %u, the code says otherwise of %u", name, least, most, v);
	assert_non_null(complaint_of_number(type, 3 - bytes, least));
	return true;
}

static void the_table_of_the_manual_is_the_codes(void **state)
{
	static char page[64 * 1024];
	FILE *f = fopen("docs/configuration.md", "r");
	unsigned rows = 0, ranges = 0;

	(void)state;
	assert_non_null(f);
	page[fread(page, 1, sizeof page - 1, f)] = 0;
	fclose(f);
	for (const char *at = page; (at = strstr(at, "\n| TLV_CONFIG_")) != NULL; at++, rows++) {
		char name[40], value[200];
		unsigned type;

		assert_int_equal(sscanf(at, "\n| %39s | %u | %199[^|]|", name, &type, value), 3);
		assert_true(rows < COUNT_OF(names));
		assert_string_equal(name, names[rows].name);
		assert_int_equal(type, names[rows].type);
		ranges += check_range(name, type, value);
	}
	assert_int_equal(rows, COUNT_OF(names));
	assert_int_equal(ranges, 10);
}

static void no_prefix_is_a_block_and_flipped_bits_are_survived(void **state)
{
	struct config_complaint why;
	struct config c;
	uint8_t bytes[400];
	size_t len = example(bytes, sizeof bytes);

	(void)state;
	for (size_t n = 0; n < len; n++)
		assert_int_equal(read_exact(bytes, n, &c, &why), CONFIG_BAD);
	for (size_t bit = 0; bit < len * 8; bit++) {
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
		enum config_verdict v = read_exact(bytes, len, &c, &why);

		if (bit < 10 * 8)
			assert_int_equal(v, CONFIG_BAD);
		assert_true((v == CONFIG_BAD) == (why.what != NULL));
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_block_gives_its_values),
		cmocka_unit_test(nonsense_is_named_with_its_place),
		cmocka_unit_test(static_addresses_are_judged),
		cmocka_unit_test(lists_of_hosts_are_judged),
		cmocka_unit_test(what_is_added_wins_and_the_rest_stays),
		cmocka_unit_test(the_table_of_the_manual_is_the_codes),
		cmocka_unit_test(no_prefix_is_a_block_and_flipped_bits_are_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
