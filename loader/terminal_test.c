/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Keys of terminals: each way to write them, Esc alone, and what is none of ours. */
#include "loader/terminal.h"
#include "lib/test.h"

static struct terminal t;
static usec now;        /* goes on from test to test; each leaves the terminal at rest */

/* The keys that come of these bytes, each as it ends; the next of them, then 0. */
static int keys[8];

static void type(const char *bytes, size_t len)
{
	unsigned count = 0;

	memset(keys, 0, sizeof keys);
	for (size_t i = 0; i < len; i++) {
		int key = terminal_byte(&t, now += 100, (uint8_t)bytes[i]);

		if (key != KEY_NONE && count < COUNT_OF(keys))
			keys[count++] = key;
	}
}

static int one_key(const char *bytes)
{
	type(bytes, strlen(bytes));
	assert_int_equal(keys[1], 0);
	assert_int_equal(terminal_silence(&t, now += USEC_PER_S), KEY_NONE);
	assert_int_equal(t.state, TERMINAL_TEXT);
	return keys[0];
}

static void each_terminal_s_keys_are_known(void **state)
{
	static const struct { const char *bytes; int key; } rows[] = {
		{ "a", 'a' }, { "9", '9' }, { "\r", KEY_ENTER }, { "\n", KEY_ENTER }, { "\3", KEY_CTRL_C },
		{ "\033[A", KEY_UP }, { "\033OA", KEY_UP }, { "\033[B", KEY_DOWN }, { "\033OB", KEY_DOWN },
		{ "\033[H", KEY_HOME }, { "\033OH", KEY_HOME }, { "\033[1~", KEY_HOME }, { "\033[7~", KEY_HOME },
		{ "\033[F", KEY_END }, { "\033OF", KEY_END }, { "\033[4~", KEY_END }, { "\033[8~", KEY_END },
		{ "\033OQ", KEY_F2 }, { "\033[12~", KEY_F2 }, { "\033[[B", KEY_F2 }, { "\0332", KEY_F2 },
		{ "\033[19~", KEY_F8 }, { "\0338", KEY_F8 }, { "\033h", KEY_HOME }, { "\033k", KEY_END },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (one_key(rows[i].bytes) != rows[i].key)
			fail_msg("row %zu is key %d", i, keys[0]);
}

static void other_sequences_are_swallowed_whole(void **state)
{
	static const char *const rows[] = {
		"\033[5~", "\033[200~", "\033[1;5C", "\033[?62;1c", "\033[24~", "\033[[E", "\033OP", "\033x", "\177",
		"\033[99999999999~",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (one_key(rows[i]) != KEY_NONE)
			fail_msg("row %zu is key %d", i, keys[0]);
	type("\033[5~\033[Ax", 8);
	assert_int_equal(keys[0], KEY_UP);
	assert_int_equal(keys[1], 'x');
}

static void an_esc_alone_is_esc_after_a_moment(void **state)
{
	(void)state;
	assert_int_equal(terminal_silence(&t, now), KEY_NONE);
	assert_int_equal(terminal_byte(&t, now, 27), KEY_NONE);
	assert_int_equal(terminal_silence(&t, now + TERMINAL_ESC_WAIT - 1), KEY_NONE);
	assert_int_equal(terminal_silence(&t, now + TERMINAL_ESC_WAIT), KEY_ESC);
	assert_int_equal(terminal_silence(&t, now + 2 * TERMINAL_ESC_WAIT), KEY_NONE);
	type("\033\033", 2);
	assert_int_equal(keys[0], KEY_ESC);
	assert_int_equal(terminal_silence(&t, now + TERMINAL_ESC_WAIT), KEY_ESC);
}

/* The line broke off: what comes next is a key again. */
static void half_a_sequence_is_forgotten(void **state)
{
	static const char *const halves[] = { "\033[", "\033[1", "\033O", "\033[[" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(halves); i++) {
		type(halves[i], strlen(halves[i]));
		assert_int_equal(keys[0], 0);
		assert_int_equal(terminal_silence(&t, now + TERMINAL_ESC_WAIT), KEY_NONE);
		assert_int_equal(one_key("A"), 'A');
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_terminal_s_keys_are_known),
		cmocka_unit_test(other_sequences_are_swallowed_whole),
		cmocka_unit_test(an_esc_alone_is_esc_after_a_moment),
		cmocka_unit_test(half_a_sequence_is_forgotten),
	};

	return cmocka_run_group_tests_name("terminal", tests, NULL, NULL);
}
