/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/test.h"
#include "loader/progress.h"

static char screen[1000];
static size_t screen_len;

static void put_char(struct log *log, char c)
{
	(void)log;
	assert_true(screen_len + 1 < sizeof screen);
	screen[screen_len++] = c;
	screen[screen_len] = '\0';
}

static struct log screen_log = { .put_char = put_char, .verbosity = LOG_STEP };

static struct progress started(usec now)
{
	struct progress p;

	screen_len = 0;
	screen[0] = '\0';
	progress_init(&p, &screen_log, now);
	return p;
}

static void what_takes_less_than_a_second_shows_nothing(void **state)
{
	struct progress p = started(5 * USEC_PER_S);

	(void)state;
	progress_show(&p, 6 * USEC_PER_S - 1, 5000, 10000);
	progress_end(&p);
	assert_string_equal(screen, "");
}

static void it_says_how_much_of_how_much(void **state)
{
	struct progress p = started(0);

	(void)state;
	progress_show(&p, USEC_PER_S, 48 << 20, 96 << 20);
	assert_string_equal(screen, "\r49152 of 98304 KB, 50 %");
	progress_end(&p);
	assert_string_equal(screen, "\r49152 of 98304 KB, 50 %\n");
	p = started(0);
	progress_show(&p, USEC_PER_S, 5000, 0);
	assert_string_equal(screen, "\r4 KB");
	p = started(0);
	progress_show(&p, USEC_PER_S, 500, 1000);
	assert_string_equal(screen, "\r0 KB");
}

static void four_times_a_second_is_enough(void **state)
{
	struct progress p = started(0);
	unsigned lines = 0;

	(void)state;
	for (usec now = 0; now < 3 * USEC_PER_S; now += 1000)
		progress_show(&p, now, 4096, 0);
	for (size_t i = 0; i < screen_len; i++)
		lines += screen[i] == '\r';
	assert_int_equal(lines, 8);
}

static void what_is_begun_again_has_a_line_of_its_own(void **state)
{
	struct progress p = started(0);

	(void)state;
	progress_show(&p, USEC_PER_S, 50 << 20, 96 << 20);
	progress_show(&p, 2 * USEC_PER_S, 93 << 10, 96 << 20);
	assert_string_equal(screen, "\r51200 of 98304 KB, 52 %\n\r93 of 98304 KB, 0 %");
}

static void nothing_yet_is_no_news(void **state)
{
	struct progress p = started(0);

	(void)state;
	progress_show(&p, USEC_PER_S, 0, 96 << 20);
	assert_string_equal(screen, "");
	assert_true(p.due == USEC_PER_S + USEC_PER_S / 4);      /* whoever waits for it sleeps */
	progress_end(&p);
	assert_string_equal(screen, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_takes_less_than_a_second_shows_nothing),
		cmocka_unit_test(it_says_how_much_of_how_much),
		cmocka_unit_test(four_times_a_second_is_enough),
		cmocka_unit_test(what_is_begun_again_has_a_line_of_its_own),
		cmocka_unit_test(nothing_yet_is_no_news),
	};

	return cmocka_run_group_tests_name("progress", tests, NULL, NULL);
}
