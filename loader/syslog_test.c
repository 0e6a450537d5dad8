/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/fmt.h"
#include "lib/test.h"
#include "loader/syslog.h"

static struct syslog s;
static const uint8_t mac[6] = { 0x52, 0x54, 0, 0, 0, 1 };

/* The next datagram as a text; "": none is due. */
static const char *next(usec now)
{
	static char text[600];
	struct wr w = wr_over(text, sizeof text - 1);
	struct flow flow;

	text[0] = 0;
	if (!syslog_tx(&s, now, &w, &flow))
		return text;
	assert_true(wr_ok(&w));
	text[wr_used(&w, text)] = 0;
	assert_int_equal(flow.dst_ip, 0x0a000001);
	assert_true(flow.dst_port == 514 && flow.src_port == 514);
	return text;
}

static void each_line_is_a_datagram_that_says_whose_it_is(void **state)
{
	(void)state;
	syslog_begin(&s, 0x0a000001, mac, "PXE-E51");
	assert_true(syslog_wake_at(&s) == NEVER);
	syslog_line(&s, "first");
	syslog_line(&s, "  second");
	assert_true(syslog_wake_at(&s) <= 1000);
	assert_string_equal(next(1000), "<131>rill: 52:54:00:00:00:01 PXE-E51: first");
	assert_string_equal(next(1000 + SYSLOG_APART - 1), "");
	assert_true(syslog_wake_at(&s) == 1000 + SYSLOG_APART);
	assert_string_equal(next(1000 + SYSLOG_APART), "<131>rill: 52:54:00:00:00:01 PXE-E51:   second");
	assert_string_equal(next(NEVER - 1), "");
	assert_true(syslog_wake_at(&s) == NEVER);
}

static void it_keeps_what_it_has_room_for(void **state)
{
	char longest[2 * SYSLOG_LINE_MAX];
	usec now = 0;

	(void)state;
	memset(longest, 'x', sizeof longest - 1);
	longest[sizeof longest - 1] = 0;
	syslog_begin(&s, 0x0a000001, mac, "PXE-E51");
	for (unsigned n = 0; n < 2 * SYSLOG_LINES_MAX; n++)
		syslog_line(&s, longest);
	for (unsigned n = 0; n < SYSLOG_LINES_MAX; n++, now += SYSLOG_APART)
		assert_int_equal(strlen(next(now)), strlen("<131>rill: 52:54:00:00:00:01 PXE-E51: ") + SYSLOG_LINE_MAX);
	assert_string_equal(next(now), "");
	syslog_line(&s, "late");
	syslog_begin(&s, 0x0a000001, mac, "PXE-E53");
	assert_string_equal(next(now), "");
}

static void without_a_server_nothing_is_kept(void **state)
{
	(void)state;
	syslog_begin(&s, 0, mac, "PXE-E51");
	syslog_line(&s, "nobody");
	assert_true(syslog_wake_at(&s) == NEVER);
	assert_string_equal(next(NEVER - 1), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_line_is_a_datagram_that_says_whose_it_is),
		cmocka_unit_test(it_keeps_what_it_has_room_for),
		cmocka_unit_test(without_a_server_nothing_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
