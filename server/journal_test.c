/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/test.h"
#include "server/journal.h"

static char     written[JOURNAL_LINE_BYTES + 1];
static unsigned lines;

static void keep(struct journal *j, const char *line, size_t len)
{
	(void)j;
	assert_true(len <= JOURNAL_LINE_BYTES);
	memcpy(written, line, len);
	written[len] = 0;
	lines++;
}

static const usec when = (usec)1700000000 * USEC_PER_S + 42000;

static const struct session example = {
	.id = 0x1122334455667788, .address = { { [10] = 0xff, 0xff, 192, 168, 1, 2 }, 1068 },
	.mac = { 0x52, 0x54, 0, 0x12, 0x34, 0x56 }, .mac_known = true, .stage = STAGE_DRIVER, .disk = "debian",
	.bytes = { 10, 20 }, .reads = 3, .continued = 2, .errors = 1, .since = 0, .heard = 5 * USEC_PER_S,
};

static void a_line_as_text_and_as_json(void **state)
{
	struct journal j = { .write = keep };

	(void)state;
	for (int json = 0; json < 2; json++) {
		j.json = json != 0;
		struct journal_line l = journal_begin(&j, when, "end");
		journal_session(&l, &example);
		journal_totals(&l, &example);
		journal_text(&l, "text", "it is \"over\"");
		journal_end(&l);
		assert_string_equal(written, json
			? "{\"time\":\"2023-11-14T22:13:20.042Z\",\"event\":\"end\","
			  "\"session\":\"1122334455667788\",\"mac\":\"52:54:00:12:34:56\","
			  "\"address\":\"192.168.1.2:1068\",\"disk\":\"debian\",\"stage\":\"driver\","
			  "\"firmware_bytes\":10,\"driver_bytes\":20,\"reads\":3,\"continued\":2,\"errors\":1,"
			  "\"seconds\":5,\"text\":\"it is \\\"over\\\"\"}\n"
			: "2023-11-14T22:13:20.042Z end session=1122334455667788 mac=52:54:00:12:34:56 "
			  "address=192.168.1.2:1068 disk=debian stage=driver firmware_bytes=10 driver_bytes=20 "
			  "reads=3 continued=2 errors=1 seconds=5 text=\"it is \\\"over\\\"\"\n");
	}
}

static void texts_mislead_nobody(void **state)
{
	static const struct { const char *text, *is; } cases[] = {
		{ "plain", "plain" }, { "", "\"\"" }, { "a b", "\"a b\"" }, { "a=b", "\"a=b\"" },
		{ "\\", "\"\\\\\"" }, { "a\nb", "\"a?b\"" }, { "\x1b[31m", "\"?[31m\"" }, { "\x7f", "\"?\"" },
		{ "gr\xc3\xbc\xc3\x9f", "\"gr\xc3\xbc\xc3\x9f\"" }, { "\xe2\x82\xac", "\"\xe2\x82\xac\"" },
		{ "\xf0\x9f\x98\x80", "\"\xf0\x9f\x98\x80\"" },
		{ "\xc2\x9b" "31m", "\"??31m\"" },      /* a control character of 8 bits, as UTF-8 */
		{ "\xff\xfe", "\"??\"" }, { "\xc3", "\"?\"" }, { "\xe2\x82", "\"??\"" }, { "\xed\xa0\x80", "\"???\"" },
		{ "\xc0\xaf", "\"??\"" }, { "\xf4\x90\x80\x80", "\"????\"" }, { "\xf0\x80\x80\x80", "\"????\"" },
		{ "\xe0\x80\x80", "\"???\"" },
	};
	struct journal j = { .write = keep };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct journal_line l = journal_begin(&j, when, "x");
		char *copy = (char *)exact_copy(cases[i].text, strlen(cases[i].text) + 1), right[128];

		journal_text(&l, "t", copy);
		journal_end(&l);
		snprintf(right, sizeof right, "2023-11-14T22:13:20.042Z x t=%s\n", cases[i].is);
		assert_string_equal(written, right);
		free(copy);
	}
}

static void a_long_line_stays_whole(void **state)
{
	struct journal j = { .write = keep, .json = true };
	char text[400];

	(void)state;
	for (size_t len = 0; len < sizeof text - 1; len++) {
		struct journal_line l = journal_begin(&j, when, "x");

		memset(text, len % 3 ? '"' : 'y', len);
		text[len] = 0;
		for (unsigned i = 0; i < 9; i++) {
			journal_text(&l, "text", text);
			journal_u64(&l, "n", UINT64_MAX);
		}
		journal_end(&l);
		size_t end = strlen(written);
		assert_int_equal(written[end - 1], '\n');
		assert_int_equal(written[end - 2], '}');
		unsigned quotes = 0;            /* balanced, escaped ones apart */
		for (size_t i = 0; i < end; i++) {
			if (written[i] == '\\')
				i++;
			else
				quotes += written[i] == '"';
		}
		assert_int_equal(quotes % 2, 0);
	}
}

static void a_flood_is_bounded_and_counted(void **state)
{
	struct journal j = { .write = keep };

	(void)state;
	lines = 0;
	for (unsigned i = 0; i < JOURNAL_LINES_PER_SECOND + 7; i++) {
		struct journal_line l = journal_limited(&j, when, "deny");
		journal_text(&l, "t", "x");
		journal_end(&l);
	}
	assert_int_equal(lines, JOURNAL_LINES_PER_SECOND);
	assert_int_equal(j.left_out, 7);
	struct journal_line l = journal_limited(&j, when + USEC_PER_S, "deny");
	journal_end(&l);
	assert_int_equal(lines, JOURNAL_LINES_PER_SECOND + 1);
	l = journal_limited(NULL, when, "deny");
	journal_text(&l, "t", "x");
	journal_end(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_as_text_and_as_json),
		cmocka_unit_test(texts_mislead_nobody),
		cmocka_unit_test(a_long_line_stays_whole),
		cmocka_unit_test(a_flood_is_bounded_and_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
