/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/login_bench.h"
#include "netstack/wire/disk_menu.h"

static const struct disk_menu two = {
	.entries = { { "debian", "Debian 12" }, { "kiosk", "Kiosk" } }, .count = 2, .seconds = 10,
};

static struct login_who undecided(void)
{
	struct login_who who = somebody();

	who.disk[0]    = 0;
	who.can_choose = true;
	return who;
}

static void answer_menu(struct bench *b, const struct disk_menu *menu, uint16_t reason)
{
	struct answer a;

	answer_begin(b, &a, STREAM_RDENY);
	wr_tlv_u16(&a.w, TLV_REASON, reason);
	wr_tlv_text(&a.w, TLV_TEXT, "choose a disk");
	wr_disk_menu(&a.w, menu);
	answer_from(b, &a, &b->to);
}

static void m31_who_can_choose_says_so_and_a_menu_ends_the_login(void **state)
{
	struct login_who who = undecided();
	struct bench b;

	(void)state;
	begin_as(&b, &who);
	assert_true(sends(&b));
	assert_true(tlv_has(&b.set, TLV_CHOICE) && b.set.choice == 0 && !tlv_has(&b.set, TLV_DISK));
	answer_cookie(&b);
	assert_true(sends(&b));
	assert_true(tlv_has(&b.set, TLV_CHOICE));
	answer_menu(&b, &two, DENY_CHOOSE);
	assert_int_equal(login_status(&b.login), LOGIN_CHOOSE);
	assert_int_equal(login_wake_at(&b.login), NEVER);
	assert_false(sends(&b));
	answer_menu(&b, &two, DENY_NO_SUCH_DISK);       /* late, or a copy: it is over */
	answer_login(&b);
	assert_int_equal(login_status(&b.login), LOGIN_CHOOSE);
}

static void m31_who_names_a_disk_or_reads_one_asks_for_no_menu(void **state)
{
	struct login_who named = undecided(), reads = undecided(), cannot = undecided();
	const struct login_who *const whos[] = { &named, &reads, &cannot };
	struct bench b;

	(void)state;
	memcpy(named.disk, "kiosk", 6);
	reads.has_content = true;
	cannot.can_choose = false;
	for (size_t i = 0; i < COUNT_OF(whos); i++) {
		begin_as(&b, whos[i]);
		assert_true(sends(&b));
		assert_false(tlv_has(&b.set, TLV_CHOICE));
		answer_menu(&b, &two, DENY_CHOOSE);     /* which did not come for us: as any denial */
		assert_int_equal(login_status(&b.login), LOGIN_DENIED);
		assert_int_equal(b.login.denied.reason, DENY_CHOOSE);
		assert_string_equal(b.login.denied.text, "choose a disk");
	}
}

static void m31_a_menu_without_an_entry_or_with_another_reason_is_a_denial(void **state)
{
	static const struct disk_menu none;
	struct login_who who = undecided();
	struct bench b;

	(void)state;
	begin_as(&b, &who);
	assert_true(sends(&b));
	answer_menu(&b, &none, DENY_CHOOSE);
	assert_int_equal(login_status(&b.login), LOGIN_DENIED);
	begin_as(&b, &who);
	assert_true(sends(&b));
	answer_menu(&b, &two, DENY_NOT_ALLOWED);
	assert_int_equal(login_status(&b.login), LOGIN_DENIED);
}

/* The menu is lost, asked for again, comes twice; then a name is granted. */
static void m04_a_lost_menu_is_asked_for_again_and_a_second_copy_changes_nothing(void **state)
{
	struct login_who who = undecided();
	struct bench b;
	uint32_t number;

	(void)state;
	begin_as(&b, &who);
	assert_true(sends(&b));
	answer_cookie(&b);
	assert_true(sends(&b));
	number = b.head.request;
	for (unsigned lost = 0; lost < 3; lost++) {
		sleeps(&b);
		assert_int_equal(b.head.request, number);
		assert_true(tlv_has(&b.set, TLV_CHOICE));
	}
	answer_menu(&b, &two, DENY_CHOOSE);
	answer_menu(&b, &two, DENY_CHOOSE);
	assert_int_equal(login_status(&b.login), LOGIN_CHOOSE);
	memcpy(who.disk, "kiosk", 6);
	begin_as(&b, &who);
	assert_true(sends(&b));
	assert_string_equal(b.set.disk, "kiosk");
	answer_login(&b);
	assert_int_equal(login_status(&b.login), LOGIN_DONE);
}

/* What a server answers to what was sent last, from nothing but what stands in it (M4). */
static void serve(struct bench *b)
{
	if (!tlv_has(&b->set, TLV_COOKIE))
		answer_cookie(b);
	else if (tlv_has(&b->set, TLV_CHOICE))
		answer_menu(b, &two, DENY_CHOOSE);
	else
		answer_login(b);
}

/* Each answer comes not at all, once, or twice. */
static void log_in_through(struct bench *b, const struct login_who *who, struct random *dice)
{
	unsigned turns = 0;

	begin_as(b, who);
	do {
		assert_true(turns++ < 500);
		if (!sends(b))
			sleeps(b);
		for (uint32_t copies = random_below(dice, 3); copies; copies--)
			serve(b);
	} while (login_status(&b->login) == LOGIN_WORKING || login_status(&b->login) == LOGIN_SILENT);
}

static void m04_a_menu_and_the_choice_survive_loss_and_copies(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 200; seed++) {
		struct random dice = random_from(seed);
		struct login_who who = undecided();
		struct bench b;

		log_in_through(&b, &who, &dice);
		assert_int_equal(login_status(&b.login), LOGIN_CHOOSE);
		memcpy(who.disk, "kiosk", 6);
		log_in_through(&b, &who, &dice);
		assert_int_equal(login_status(&b.login), LOGIN_DONE);
		assert_string_equal(b.set.disk, "kiosk");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(m31_who_can_choose_says_so_and_a_menu_ends_the_login),
		cmocka_unit_test(m31_who_names_a_disk_or_reads_one_asks_for_no_menu),
		cmocka_unit_test(m31_a_menu_without_an_entry_or_with_another_reason_is_a_denial),
		cmocka_unit_test(m04_a_lost_menu_is_asked_for_again_and_a_second_copy_changes_nothing),
		cmocka_unit_test(m04_a_menu_and_the_choice_survive_loss_and_copies),
	};

	return cmocka_run_group_tests_name("login_menu", tests, NULL, NULL);
}
