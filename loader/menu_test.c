/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The menu's screens, to the last character, and its keys. */
#include "loader/menu.h"
#include "lib/fmt.h"
#include "loader/screen_fake.h"

static struct menu m;

static void fill(unsigned count)
{
	char text[100];

	screen_init();
	menu_init(&m, "Boot menu of 10.0.0.1");
	for (unsigned i = 0; i < count; i++) {
		fmt_text(text, sizeof text, "entry %c", 'a' + (int)i);
		menu_add(&m, 100 + i, text);
	}
}

static void expect(const char *golden)
{
	if (strcmp(screen_text(), golden))
		fail_msg("the screen is\n%s", screen_text());
}

static void a_menu_is_drawn_and_written_over(void **state)
{
	(void)state;
	fill(0);
	menu_add(&m, 15, "Install Debian");
	menu_add(&m, 16, "Memory test");
	menu_add(&m, 0, "Local boot");
	log_line(&screen.port.log, LOG_STEP, "%s", "boot server: looking for the boot server");
	menu_draw(&m, &screen.port, 0);
	expect("boot server: looking for the boot server\n"
	       "Boot menu of 10.0.0.1\n"
	       "> 1 Install Debian\n"
	       "  2 Memory test\n"
	       "  3 Local boot\n"
	       "Up, Down, digits, Enter; Esc ends.\n");
	assert_false(menu_key(&m, KEY_DOWN));
	menu_draw(&m, &screen.port, 0);
	log_line(&screen.port.log, LOG_STEP, "%s", "boot menu: Memory test");
	expect("boot server: looking for the boot server\n"
	       "Boot menu of 10.0.0.1\n"
	       "  1 Install Debian\n"
	       "> 2 Memory test\n"
	       "  3 Local boot\n"
	       "Up, Down, digits, Enter; Esc ends.\n"
	       "boot menu: Memory test\n");
}

static void a_countdown_leaves_no_digit_behind(void **state)
{
	(void)state;
	fill(2);
	menu_draw(&m, &screen.port, 100);
	menu_draw(&m, &screen.port, 9);
	expect("Boot menu of 10.0.0.1\n"
	       "> 1 entry a\n"
	       "  2 entry b\n"
	       "Up, Down, digits, Enter; Esc ends. Entry 1 in 9 s\n");
	menu_draw(&m, &screen.port, 0);
	expect("Boot menu of 10.0.0.1\n"
	       "> 1 entry a\n"
	       "  2 entry b\n"
	       "Up, Down, digits, Enter; Esc ends.\n");
}

static void a_full_menu_fits_and_more_is_left(void **state)
{
	static char longer[300];
	unsigned row = 0;

	(void)state;
	memset(longer, 'x', sizeof longer - 1);
	screen_init();
	menu_init(&m, longer);
	for (unsigned i = 0; i < MENU_ITEMS_MAX; i++)
		assert_true(menu_add(&m, i, longer));
	assert_false(menu_add(&m, 99, "one more"));
	for (int redraws = 0; redraws < 3; redraws++) {
		menu_draw(&m, &screen.port, 0);
		menu_key(&m, KEY_END);
		menu_draw(&m, &screen.port, 0);
		menu_key(&m, KEY_HOME);
	}
	assert_int_equal(screen.scrolled, 0);
	while (row < SCREEN_ROWS && memcmp(screen.cells[row], "> 22 ", 5))
		row++;
	assert_int_equal(row, SCREEN_ROWS - 3);
	assert_int_equal(screen.cells[row][5 + MENU_TEXT_MAX - 1], 'x');
	assert_int_equal(screen.cells[row][5 + MENU_TEXT_MAX], ' ');
}

static void a_screen_that_only_goes_down_gets_the_mark_alone(void **state)
{
	(void)state;
	fill(3);
	screen.port.cursor_up = NULL;
	menu_draw(&m, &screen.port, 0);
	menu_key(&m, KEY_DOWN);
	menu_draw(&m, &screen.port, 0);
	menu_draw(&m, &screen.port, 0);
	menu_key(&m, KEY_END);
	menu_draw(&m, &screen.port, 0);
	expect("Boot menu of 10.0.0.1\n"
	       "> 1 entry a\n"
	       "  2 entry b\n"
	       "  3 entry c\n"
	       "Up, Down, digits, Enter; Esc ends.\n"
	       "> 2 entry b\n"
	       "> 3 entry c\n");
}

static void what_has_not_changed_is_not_drawn(void **state)
{
	unsigned written;

	(void)state;
	fill(3);
	menu_draw(&m, &screen.port, 5);
	written = screen.written;
	menu_draw(&m, &screen.port, 5);
	menu_key(&m, KEY_UP);
	menu_draw(&m, &screen.port, 5);
	assert_int_equal(screen.written, written);
	menu_draw(&m, &screen.port, 4);
	assert_int_not_equal(screen.written, written);
}

static unsigned marked_after(int key)
{
	assert_false(menu_key(&m, key));
	return menu_marked(&m)->number - 100;
}

static void keys_move_the_mark_within_the_menu(void **state)
{
	(void)state;
	fill(3);
	assert_int_equal(marked_after(KEY_UP), 0);
	assert_int_equal(marked_after(KEY_DOWN), 1);
	assert_int_equal(marked_after(KEY_END), 2);
	assert_int_equal(marked_after(KEY_DOWN), 2);
	assert_int_equal(marked_after(KEY_UP), 1);
	assert_int_equal(marked_after(KEY_HOME), 0);
	assert_int_equal(marked_after('3'), 2);
	assert_int_equal(marked_after('9'), 2);
	assert_int_equal(marked_after('0'), 2);
	assert_int_equal(marked_after('1'), 0);
	assert_int_equal(marked_after('x'), 0);
	assert_int_equal(marked_after(KEY_F8), 0);
	assert_int_equal(marked_after(KEY_NONE), 0);
	assert_true(menu_key(&m, KEY_ENTER));
	assert_true(menu_key(&m, '\n'));
	fill(0);
	assert_false(menu_key(&m, KEY_ENTER));          /* there is nothing to choose */
	assert_false(menu_key(&m, KEY_END));
	assert_false(menu_key(&m, '1'));
}

static void two_digits_are_one_number(void **state)
{
	(void)state;
	fill(22);
	assert_int_equal(marked_after('1'), 0);
	assert_int_equal(marked_after('2'), 11);
	assert_int_equal(marked_after('3'), 2);         /* there is no 123 */
	assert_int_equal(marked_after('2'), 1);
	assert_int_equal(marked_after('2'), 21);
	assert_int_equal(marked_after(KEY_UP), 20);
	assert_int_equal(marked_after('4'), 3);
	assert_int_equal(marked_after('2'), 1);
	assert_int_equal(marked_after('9'), 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_menu_is_drawn_and_written_over),
		cmocka_unit_test(a_countdown_leaves_no_digit_behind),
		cmocka_unit_test(a_full_menu_fits_and_more_is_left),
		cmocka_unit_test(a_screen_that_only_goes_down_gets_the_mark_alone),
		cmocka_unit_test(what_has_not_changed_is_not_drawn),
		cmocka_unit_test(keys_move_the_mark_within_the_menu),
		cmocka_unit_test(two_digits_are_one_number),
	};

	return cmocka_run_group_tests_name("menu", tests, NULL, NULL);
}
