/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* A menu on the screen while packets come and F2 is pressed: the whole screen, to the last character. */
#include "loader/boot_fake.h"
#include "loader/steps.h"

#define S ((usec)USEC_PER_S)

static const char *keys;                /* one a second */
static usec key_at;

/* Of a type that is told as it is. */
static void receive(uint16_t type)
{
	uint8_t frame[FRAME_MIN] = { 0 };
	struct wr w = wr_over(frame, sizeof frame);
	struct eth_head eth = { .type = type };

	memcpy(eth.dst, lan_mac, 6);
	memcpy(eth.src, lan_server_mac, 6);
	eth_emit(&w, &eth);
	lan_queue(&w, frame);
}

static int press(struct port *p)
{
	(void)p;
	if (!*keys || lan.clock < key_at)
		return KEY_NONE;
	key_at += S;
	if (*keys != 'p')
		return key_of(*keys++);
	keys++;
	receive(0x9001);
	return KEY_NONE;
}

static int fresh(void **state)
{
	(void)state;
	lan_init();
	screen_init();
	lan.port.key = press;
	lan.port.log = (struct log){ .put_char = screen_put, .verbosity = LOG_STEP };
	lan.port.cursor_up = screen_cursor_up;
	memset(&boot, 0, sizeof boot);
	boot_init(&boot, &lan.platform, &attachment);
	menu_init(&boot.menu, "Boot menu of 10.0.0.1");
	menu_add(&boot.menu, 15, "Install Debian");
	menu_add(&boot.menu, 0, "Local boot");
	return 0;
}

/* False: Esc. */
static bool choose(const char *pressed, unsigned seconds)
{
	keys   = pressed;
	key_at = lan.clock + S;
	return boot_choose(&boot, seconds);
}

static void expect(const char *golden)
{
	if (strcmp(screen_text(), golden))
		fail_msg("the screen is\n%s", screen_text());
}

#define MENU_2 \
	"Boot menu of 10.0.0.1\n" \
	"  1 Install Debian\n" \
	"> 2 Local boot\n" \
	"Up, Down, digits, Enter; Esc ends.\n"

static void f2_shows_packets_below_the_menu_and_any_key_the_menu_again(void **state)
{
	(void)state;
	assert_true(choose("pDFp x1D\n", 0));
	expect(MENU_2
	       "the last packets, and all that follow (any key: the menu)\n"
	       "  2.000 <- Ethernet type 9001 to 52:54:00:00:00:01\n"
	       "  5.000 <- Ethernet type 9001 to 52:54:00:00:00:01\n"
	       MENU_2);
	assert_int_equal(menu_marked(&boot.menu)->number, 0);
	assert_false(boot.packets.is_shown || boot.has_menu);
}

static void packets_that_were_shown_before_wait_until_the_menu_is_gone(void **state)
{
	(void)state;
	packet_log_toggle(&boot.packets);
	assert_true(choose("Dp\n", 0));
	expect("the last 0 packets of 0, and all that follow (F2: no more)\n"
	       MENU_2);
	assert_true(boot.packets.is_shown);
	assert_int_equal(boot.packets.count, 1);
}

static void f2_ends_the_countdown_and_esc_the_packets(void **state)
{
	(void)state;
	assert_false(choose("F            E", 5));
	assert_in_range(lan.clock, 14 * S, 16 * S);
	assert_false(boot.packets.is_shown || boot.has_menu);
}

static void without_a_key_the_first_entry_is_taken_in_time(void **state)
{
	(void)state;
	assert_true(choose("", 5));
	assert_int_equal(lan.clock, 6 * S);
	assert_int_equal(menu_marked(&boot.menu)->number, 15);
}

int main(void)
{
#define fresh_test(f) cmocka_unit_test_setup_teardown(f, fresh, done)
	const struct CMUnitTest tests[] = {
		fresh_test(f2_shows_packets_below_the_menu_and_any_key_the_menu_again),
		fresh_test(packets_that_were_shown_before_wait_until_the_menu_is_gone),
		fresh_test(f2_ends_the_countdown_and_esc_the_packets),
		fresh_test(without_a_key_the_first_entry_is_taken_in_time),
	};

	return cmocka_run_group_tests_name("boot_menu", tests, NULL, NULL);
}
