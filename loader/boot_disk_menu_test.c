/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The server's disk menu in whole boots: the screen, the keys, the countdown, and who never sees it. */
#include "loader/boot_fake.h"

static const usec S = USEC_PER_S;

static const struct disk_menu disks = {
	.entries = { { "kiosk", "Kiosk" }, { "debian", "Debian 12" }, { "lab", "Laboratory" } },
	.count = 3, .marked = 0, .seconds = 5,
};
static struct disk_menu shown;
static const char *keys;        /* one each second from when the menu is there; ' ' is none */
static usec keys_at;
static const char *refused;     /* the server does not give this disk */
static unsigned menus;          /* were sent */

/* What the server answers instead of a grant: the menu, or a refusal. */
static bool answer(struct stream_head *head, const struct tlv_set *asked, struct wr *w)
{
	bool is_menu = tlv_has(asked, TLV_CHOICE) && !asked->disk[0];

	if (!is_menu && (!refused || strcmp(asked->disk, refused) != 0))
		return false;
	menus += is_menu;
	head->type = STREAM_RDENY;
	wr_stream_head(w, head);
	wr_tlv_u16(w, TLV_REASON, is_menu ? DENY_CHOOSE : DENY_BROKEN_DISK);
	wr_tlv_text(w, TLV_TEXT, is_menu ? "choose a disk" : "this disk is being repaired");
	if (is_menu)
		wr_disk_menu(w, &shown);
	return true;
}

static int press(struct port *p)
{
	(void)p;
	if (!keys_at && menus)
		keys_at = lan.clock + S / 2;
	if (!keys || !*keys || !keys_at || lan.clock < keys_at)
		return KEY_NONE;
	keys_at += S;
	return key_of(*keys++);
}

static int fresh(void **state)
{
	(void)state;
	lan_init();
	screen_on();
	shown = disks;
	keys = NULL;
	keys_at = 0;
	refused = NULL;
	menus = 0;
	lan.answers = answer;
	lan.port.key = press;
	return 0;
}

static void expect_disk(const char *name)
{
	struct handover h;

	if (run(true) != BOOT_STARTED)
		fail_msg("it failed:\n%.*s", (int)lan.log_len, lan.log);
	assert_int_equal(handover_read(rd_over(lan.handover, sizeof lan.handover), &h, NULL), HANDOVER_OK);
	assert_string_equal(h.disk, name);
}

static void keys_choose_and_the_hand_over_names_the_disk(void **state)
{
	static const struct { const char *keys, *disk, *screen; } cases[] = {
		{ "2\n", "debian", "Disks of 10.0.0.1\n  1 Kiosk\n> 2 Debian 12\n  3 Laboratory\n"
		                   "Up, Down, digits, Enter; Esc ends.\n" },
		{ "D\n", "debian", "> 2 Debian 12\n" },
		{ "3 \n", "lab", "> 3 Laboratory\n" },
		{ "\n", "kiosk", "> 1 Kiosk\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		fresh(NULL);
		keys = cases[i].keys;
		expect_disk(cases[i].disk);
		if (!strstr(screen_text(), cases[i].screen))
			fail_msg("the screen is\n%s", screen_text());
		assert_int_equal(menus, 1);
	}
	assert_true(lan_said("disk menu: Kiosk (kiosk)\n"));
	assert_true(lan_said("logging in to 10.0.0.1:6910 for kiosk\n"));
}

static void without_a_key_the_marked_one_is_taken_in_time(void **state)
{
	(void)state;
	shown.marked = 2;
	expect_disk("lab");
	assert_true(lan_said("> 3 Laboratory\nUp, Down, digits, Enter; Esc ends. Entry 3 in 5 s   \n"));
	assert_true(lan_said("Entry 3 in 1 s   \n"));
	assert_in_range(lan.clock, 6 * S, 8 * S);
	fresh(NULL);
	shown.seconds = 0;                      /* it waits */
	keys = "                              \n";
	expect_disk("kiosk");
	assert_true(lan.clock > 30 * S);
	assert_false(lan_said("Entry"));
}

static void esc_and_ctrl_c_give_the_machine_back(void **state)
{
	static const char *const ends[] = { "E", "2C" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		fresh(NULL);
		keys = ends[i];
		assert_int_equal(run(true), BOOT_GIVEN_BACK);
		assert_int_equal(lan.gives_back, 1);
		assert_int_equal(lan.logins, 0);
		assert_true(lan_said("PXE-EA0: Network boot canceled by keystroke"));
	}
}

static void who_names_a_disk_never_sees_it(void **state)
{
	static const uint8_t block[] = "RILLCONF\0\1\0\x1b\2\0\0\x17rill://10.0.0.1/seventh";

	(void)state;
	lan.root_path = "rill://10.0.0.1/lab";
	expect_disk("lab");
	assert_int_equal(menus, 0);
	fresh(NULL);
	lan.platform.config = block;
	lan.platform.config_size = sizeof block - 1;
	expect_disk("seventh");
	assert_int_equal(menus, 0);
	fresh(NULL);
	lan.port.key = NULL;                    /* nor who has no keys */
	expect_disk("chosen");
	assert_int_equal(menus, 0);
}

static void a_refused_choice_is_told_in_the_servers_words(void **state)
{
	(void)state;
	keys = "2\n";
	refused = "debian";
	assert_int_equal(run(true), BOOT_FAILED);
	if (!lan_said("RILL-E05") || !lan_said("10.0.0.1:6910 says: this disk is being repaired"))
		fail_msg("the log is\n%s", lan.log);
	assert_int_equal(menus, 1);
}

static void after_a_refusal_another_can_be_chosen(void **state)
{
	(void)state;
	keys = "2\n                  3\n";
	refused = "debian";
	boot.once = false;
	boot_init(&boot, &lan.platform, &attachment);
	assert_int_equal(boot_run(&boot), BOOT_STARTED);
	assert_int_equal(menus, 2);
	assert_true(lan_said("RILL-E05") && lan_said("disk menu: Debian 12 (debian)\n"));
	assert_int_equal(lan.logins, 1);
}

#define fresh_test(f) cmocka_unit_test_setup_teardown(f, fresh, done)

int main(void)
{
	const struct CMUnitTest tests[] = {
		fresh_test(keys_choose_and_the_hand_over_names_the_disk),
		fresh_test(without_a_key_the_marked_one_is_taken_in_time),
		fresh_test(esc_and_ctrl_c_give_the_machine_back),
		fresh_test(who_names_a_disk_never_sees_it),
		fresh_test(a_refused_choice_is_told_in_the_servers_words),
		fresh_test(after_a_refusal_another_can_be_chosen),
	};

	return cmocka_run_group_tests_name("boot_disk_menu", tests, NULL, NULL);
}
