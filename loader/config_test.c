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

static size_t example(uint8_t *room, size_t size)
{
	static const uint8_t serial[6] = { 0x02, 0xf8, 0, 0, 0x25, 0x80 };
	uint8_t tlvs[200];
	struct wr w = wr_over(tlvs, sizeof tlvs);

	wr_tlv_text(&w, TLV_CONFIG_URI, "rill://10.0.0.2/debian");
	wr_tlv_u8(&w, TLV_CONFIG_VERBOSITY, LOG_DEBUG);
	wr_tlv(&w, TLV_CONFIG_SERIAL, serial, sizeof serial);
	wr_tlv_u8(&w, TLV_CONFIG_DRIVER, CONFIG_DRIVER_UNDI);
	wr_tlv(&w, 600, "later", 5);
	return block_of(room, size, tlvs, wr_used(&w, tlvs));
}

static void a_good_block_gives_its_values(void **state)
{
	struct config_complaint why;
	struct config c;
	uint8_t bytes[300];

	(void)state;
	assert_int_equal(read_exact(bytes, example(bytes, sizeof bytes), &c, &why), CONFIG_OK);
	assert_string_equal(c.uri, "rill://10.0.0.2/debian");
	assert_int_equal(c.verbosity, LOG_DEBUG);
	assert_int_equal(c.serial_port, 0x2f8);
	assert_int_equal(c.serial_baud, 9600);
	assert_int_equal(c.driver, CONFIG_DRIVER_UNDI);
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
		{ "\x02\x03\x00\x01\x03", 5, 12, "driver" },
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

static void no_prefix_is_a_block_and_flipped_bits_are_survived(void **state)
{
	struct config_complaint why;
	struct config c;
	uint8_t bytes[300];
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
		cmocka_unit_test(no_prefix_is_a_block_and_flipped_bits_are_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
