/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/test.h"
#include "netstack/wire/uri.h"

static enum uri_verdict read_text(const char *text, size_t len, struct uri *uri, size_t *at)
{
	uint8_t *copy = exact_copy(text, len);
	enum uri_verdict v = uri_read(rd_over(copy, len), uri, at);

	free(copy);
	return v;
}

static void good_ones(void **state)
{
	struct uri u;
	static const char full[] = "rill://10.0.0.2:7000,10.0.0.3/debian-12_3.x?timeout=300";

	(void)state;
	assert_int_equal(read_text(full, strlen(full), &u, NULL), URI_OK);
	assert_int_equal(u.server_count, 2);
	assert_int_equal(u.servers[0].ip, 0x0a000002);
	assert_int_equal(u.servers[0].port, 7000);
	assert_int_equal(u.servers[1].port, 6910);
	assert_string_equal(u.disk, "debian-12_3.x");
	assert_int_equal(u.timeout_s, 300);
	assert_int_equal(read_text("rill://", 7, &u, NULL), URI_OK);
	assert_int_equal(u.server_count, 0);
	assert_string_equal(u.disk, "");
	assert_int_equal(read_text("rill:///kiosk", 13, &u, NULL), URI_OK);
	assert_string_equal(u.disk, "kiosk");
	assert_int_equal(read_text("rill://?timeout=0", 17, &u, NULL), URI_OK);
	assert_int_equal(read_text("rill://1.2.3.4", 14, &u, NULL), URI_OK);
	assert_int_equal(u.server_count, 1);
}

static void bad_ones_say_what_and_where(void **state)
{
	static const struct { const char *text; enum uri_verdict v; size_t at; } cases[] = {
		{ "", URI_NOT_RILL, 0 },
		{ "pxelinux.0", URI_NOT_RILL, 0 },
		{ "http://10.0.0.2/x", URI_NOT_RILL, 0 },
		{ "rill:/", URI_NOT_RILL, 0 },
		{ "rill://boot.example.org/x", URI_NAME, 7 },
		{ "rill://10.0.0.1,server/x", URI_NAME, 16 },
		{ "rill://10.0.0/x", URI_BAD_SERVER, 7 },
		{ "rill://10.0.0.256", URI_BAD_SERVER, 7 },
		{ "rill://10.0.0.1.5", URI_BAD_SERVER, 7 },
		{ "rill://10.0..1", URI_BAD_SERVER, 7 },
		{ "rill://0.0.0.0", URI_BAD_SERVER, 7 },
		{ "rill://,10.0.0.1", URI_BAD_SERVER, 7 },
		{ "rill://:6910/x", URI_BAD_SERVER, 7 },
		{ "rill://10.0.0.1:", URI_BAD_PORT, 7 },
		{ "rill://10.0.0.1:0", URI_BAD_PORT, 7 },
		{ "rill://10.0.0.1:65536", URI_BAD_PORT, 7 },
		{ "rill://10.0.0.1:69x", URI_BAD_PORT, 7 },
		{ "rill://1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1",
		  URI_TOO_MANY_SERVERS, 71 },
		{ "rill:///a b", URI_BAD_DISK, 8 },
		{ "rill:///a/b", URI_BAD_DISK, 8 },
		{ "rill:///0123456789012345678901234567890123456789012345678901234567890123", URI_BAD_DISK, 8 },
		{ "rill:///x?speed=9", URI_BAD_KEY, 10 },
		{ "rill:///x?timeout=1&timeout=z", URI_BAD_KEY, 20 },
		{ "rill:///x?", URI_BAD_KEY, 10 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct uri u;
		size_t at = 99;

		assert_int_equal(read_text(cases[i].text, strlen(cases[i].text), &u, &at), cases[i].v);
		assert_int_equal(at, cases[i].at);
		assert_int_equal(u.server_count, 0);
		assert_true(strlen(uri_verdict_text(cases[i].v)) > 10);
	}
}

static void prefixes_and_flipped_bits_are_survived(void **state)
{
	char text[] = "rill://10.0.0.2:7000,10.0.0.3/debian?timeout=300";
	size_t len = strlen(text);
	struct uri u;

	(void)state;
	for (size_t n = 0; n < len; n++) {
		enum uri_verdict v = read_text(text, n, &u, NULL);

		assert_true(n >= 7 || v == URI_NOT_RILL);
		assert_true(v == URI_OK || u.server_count == 0);
	}
	for (size_t bit = 0; bit < len * 8; bit++) {
		text[bit / 8] ^= (char)(1 << bit % 8);
		enum uri_verdict v = read_text(text, len, &u, NULL);

		if (bit < 7 * 8)
			assert_int_equal(v, URI_NOT_RILL);
		assert_true(memchr(u.disk, 0, sizeof u.disk) != NULL && u.server_count <= URI_SERVERS_MAX);
		text[bit / 8] ^= (char)(1 << bit % 8);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_ones),
		cmocka_unit_test(bad_ones_say_what_and_where),
		cmocka_unit_test(prefixes_and_flipped_bits_are_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
