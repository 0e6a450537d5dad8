/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/test.h"
#include "netstack/wire/disk_menu.h"

static const struct disk_menu three = {
	.entries = { { "debian", "Debian 12" }, { "kiosk", "Kiosk" }, { "lab", "The laboratory" } },
	.count = 3, .marked = 1, .seconds = 10,
};

static size_t make(uint8_t *room, size_t size, const struct disk_menu *m)
{
	struct wr w = wr_over(room, size);

	wr_tlv_u16(&w, TLV_REASON, DENY_CHOOSE);
	wr_tlv_text(&w, TLV_TEXT, "choose a disk");
	wr_disk_menu(&w, m);
	assert_true(wr_ok(&w));
	return wr_used(&w, room);
}

static bool read_exact(const uint8_t *bytes, size_t len, struct disk_menu *m)
{
	uint8_t *copy = exact_copy(bytes, len);
	bool is_menu = rd_disk_menu(rd_over(copy, len), m);

	free(copy);
	return is_menu;
}

static void a_menu_is_read_as_it_was_written(void **state)
{
	struct disk_menu menu;
	uint8_t bytes[1200];

	(void)state;
	assert_true(read_exact(bytes, make(bytes, sizeof bytes, &three), &menu));
	assert_memory_equal(&menu, &three, sizeof menu);
}

static void what_is_left_out_has_a_meaning(void **state)
{
	struct disk_menu said = three, menu;
	uint8_t bytes[1200];
	struct wr w = wr_over(bytes, sizeof bytes);

	(void)state;
	said.entries[2].title[0] = 0;           /* its name is its title */
	said.seconds = 0;                       /* for ever */
	said.marked  = 9;                       /* there is no such entry: the first */
	assert_true(read_exact(bytes, make(bytes, sizeof bytes, &said), &menu));
	assert_string_equal(menu.entries[2].title, "lab");
	assert_int_equal(menu.seconds, 0);
	assert_int_equal(menu.marked, 0);
	wr_tlv_u16(&w, TLV_REASON, DENY_CHOOSE);
	wr_tlv_u8(&w, TLV_CHOICE, 0);
	wr_tlv(&w, TLV_MENU, "\2a\nb\x1b", 5);
	wr_tlv_u32(&w, TLV_WAIT_MS, 1);
	assert_true(read_exact(bytes, wr_used(&w, bytes), &menu));
	assert_string_equal(menu.entries[0].name, "a?");
	assert_string_equal(menu.entries[0].title, "b?");
	assert_int_equal(menu.seconds, 1);      /* a part of a second is not "never" */
	assert_int_equal(menu.marked, 0);
	w = wr_over(bytes, sizeof bytes);
	wr_tlv_u16(&w, TLV_REASON, DENY_CHOOSE);
	wr_tlv(&w, TLV_MENU, "\1a", 2);
	wr_tlv_u32(&w, TLV_WAIT_MS, UINT32_MAX);
	assert_true(read_exact(bytes, wr_used(&w, bytes), &menu));
	assert_int_equal(menu.seconds, DISK_MENU_SECONDS_MAX);
}

static void what_is_no_menu_is_none(void **state)
{
	struct disk_menu menu;
	uint8_t bytes[1200];
	struct wr w = wr_over(bytes, sizeof bytes);

	(void)state;
	wr_tlv_u16(&w, TLV_REASON, DENY_CHOOSE);
	assert_false(read_exact(bytes, wr_used(&w, bytes), &menu));     /* without an entry */
	wr_tlv(&w, TLV_MENU, "\1a", 2);
	assert_true(read_exact(bytes, wr_used(&w, bytes), &menu));
	bytes[5] = DENY_NO_SUCH_DISK;
	assert_false(read_exact(bytes, wr_used(&w, bytes), &menu));     /* of another reason */
	assert_false(read_exact(bytes + 6, wr_used(&w, bytes) - 6, &menu));
	bytes[5] = DENY_CHOOSE;
	for (unsigned i = 1; i < TLV_MENU_MAX; i++)
		wr_tlv(&w, TLV_MENU, "\1a", 2);
	assert_true(read_exact(bytes, wr_used(&w, bytes), &menu));
	wr_tlv(&w, TLV_MENU, "\1a", 2);
	assert_false(read_exact(bytes, wr_used(&w, bytes), &menu));     /* ten */
}

static void m10_an_entry_has_a_name_of_1_to_63_bytes_that_ends_within_it(void **state)
{
	static const struct { uint8_t name; size_t len; bool is_good; } cases[] = {
		{ 0, 2, false }, { 1, 1, false }, { 1, 2, true }, { 2, 2, false }, { 63, 64, true }, { 64, 65, false },
		{ 63, 112, true }, { 63, 113, false }, { 1, 112, true }, { 255, 112, false },
	};
	struct disk_menu menu;
	uint8_t bytes[300], value[128];

	(void)state;
	memset(value, 'x', sizeof value);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct wr w = wr_over(bytes, sizeof bytes);

		value[0] = cases[i].name;
		wr_tlv_u16(&w, TLV_REASON, DENY_CHOOSE);
		wr_tlv(&w, TLV_MENU, value, cases[i].len);
		assert_int_equal(read_exact(bytes, wr_used(&w, bytes), &menu), cases[i].is_good);
	}
}

static void every_prefix_is_the_entries_in_it_or_nothing(void **state)
{
	struct disk_menu menu;
	uint8_t bytes[1200];
	size_t len = make(bytes, sizeof bytes, &three);
	unsigned counts[4] = { 0 };

	(void)state;
	for (size_t n = 0; n <= len; n++) {
		bool is_menu = read_exact(bytes, n, &menu);

		assert_true(menu.count <= 3 && is_menu == (menu.count != 0));
		counts[menu.count]++;
	}
	assert_int_equal(counts[1], 1);
	assert_int_equal(counts[2], 1);
	assert_int_equal(counts[3], 3);         /* with and without what stands behind the entries */
}

static void every_flipped_bit_gives_a_menu_fit_for_a_screen_or_none(void **state)
{
	struct disk_menu menu;
	uint8_t bytes[1200];
	size_t len = make(bytes, sizeof bytes, &three);
	unsigned good = 0, bad = 0;

	(void)state;
	for (size_t bit = 0; bit < len * 8; bit++) {
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
		if (read_exact(bytes, len, &menu)) {
			good++;
			assert_true(menu.count <= 3 && menu.marked < menu.count);
			assert_true(menu.seconds <= DISK_MENU_SECONDS_MAX);
			for (unsigned i = 0; i < menu.count; i++)
				for (const char *s = menu.entries[i].title; *s; s++)
					assert_false((uint8_t)*s < ' ');
		} else {
			bad++;
		}
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	assert_true(good && bad);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_menu_is_read_as_it_was_written),
		cmocka_unit_test(what_is_left_out_has_a_meaning),
		cmocka_unit_test(what_is_no_menu_is_none),
		cmocka_unit_test(m10_an_entry_has_a_name_of_1_to_63_bytes_that_ends_within_it),
		cmocka_unit_test(every_prefix_is_the_entries_in_it_or_nothing),
		cmocka_unit_test(every_flipped_bit_gives_a_menu_fit_for_a_screen_or_none),
	};

	return cmocka_run_group_tests_name("wire/disk_menu", tests, NULL, NULL);
}
