/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Option 43 from three sides, and every way that other clients' readers of it were led astray. */
#include "lib/test.h"
#include "netstack/wire/pxe.h"

/* All that we know, as a server says it. */
static const uint8_t all[] = {
	1, 4, 224, 1, 1, 5,  2, 2, 0xdf, 0x06,  3, 2, 0xe0, 0x06,  4, 1, 4,  5, 1, 9,
	0,
	6, 1, 5,  7, 4, 224, 0, 1, 2,
	8, 14,  0, 1, 2, 10, 0, 0, 1, 10, 0, 0, 2,  0x80, 0, 0,
	9, 19,  0, 1, 7, 'I', 'n', 's', 't', 'a', 'l', 'l',  0, 0, 6, 'l', 'o', 'c', 'a', 'l', 0,
	10, 7, 30, 'P', 'r', 'e', 's', 's', '!',
	12, 4, 0, 0, 0, 1,
	71, 4, 0, 1, 0x80, 2,
	200, 2, 1, 1,
	255, 9, 9,
};

static struct pxe_option o;

/* A heap copy of exactly these bytes; o's readers must not be used afterwards, so they are walked here. */
static bool parse_exact(const uint8_t *bytes, size_t len)
{
	uint8_t *copy = exact_copy(bytes, len);
	bool ok = pxe_parse(rd_over(copy, len), &o);
	struct pxe_menu_item item;
	struct pxe_servers s;
	char text[20];

	while (pxe_next_item(&o.menu, &item))
		assert_true(pxe_text(item.text, text, sizeof text) < sizeof text);
	while (pxe_next_servers(&o.servers, &s))
		assert_int_equal(rd_left(&s.addresses) % 4, 0);
	assert_true(rd_ok(&o.menu) && rd_ok(&o.servers));
	pxe_text(o.prompt, text, sizeof text);
	free(copy);
	return ok;
}

static void a_good_option_gives_its_values(void **state)
{
	struct pxe_menu_item item;
	struct pxe_servers s;
	char text[20];

	(void)state;
	assert_true(pxe_parse(rd_over(all, sizeof all), &o));
	assert_int_equal(o.has, 0x17fe);
	assert_true(pxe_has_discovery(&o) && pxe_has_mtftp(&o) && o.has_item);
	assert_int_equal(o.mtftp.ip, 0xe0010105);
	assert_int_equal(o.mtftp.client_port, 1759);
	assert_int_equal(o.mtftp.server_port, 1760);
	assert_int_equal(o.mtftp.timeout_s, 4);
	assert_int_equal(o.mtftp.delay_s, 9);
	assert_int_equal(o.discovery, PXE_NO_BROADCAST | PXE_ONLY_LISTED);
	assert_int_equal(o.discovery_ip, 0xe0000102);
	assert_true(pxe_next_servers(&o.servers, &s));
	assert_int_equal(s.type, 1);
	assert_int_equal(rd_be32(&s.addresses), 0x0a000001);
	assert_int_equal(rd_be32(&s.addresses), 0x0a000002);
	assert_true(pxe_next_servers(&o.servers, &s));
	assert_int_equal(s.type, 0x8000);
	assert_int_equal(rd_left(&s.addresses), 0);
	assert_false(pxe_next_servers(&o.servers, &s));
	assert_true(pxe_next_item(&o.menu, &item));
	assert_int_equal(item.type, 1);
	assert_int_equal(pxe_text(item.text, text, sizeof text), 7);
	assert_string_equal(text, "Install");
	assert_true(pxe_next_item(&o.menu, &item));
	assert_int_equal(item.type, PXE_LOCAL_BOOT);
	assert_int_equal(pxe_text(item.text, text, sizeof text), 5);
	assert_false(pxe_next_item(&o.menu, &item));
	assert_int_equal(o.prompt_s, 30);
	pxe_text(o.prompt, text, sizeof text);
	assert_string_equal(text, "Press!");
	assert_int_equal(rd_be32(&o.credentials), 1);
	assert_int_equal(o.item_type, 1);
	assert_int_equal(o.item_layer, PXE_CREDENTIALS_WANTED | 2);
}

static void a_prefix_is_good_only_where_a_sub_option_ends(void **state)
{
	(void)state;
	for (size_t cut = 0, edge = 0; cut <= sizeof all - 3; cut++) {
		assert_int_equal(parse_exact(all, cut), cut == edge);
		if (cut == edge)
			edge += all[edge] == PXE_PAD || all[edge] == PXE_END ? 1u : 2u + all[edge + 1];
	}
	assert_true(parse_exact(all, sizeof all));      /* what stands behind the end counts for nothing */
}

static void no_flipped_bit_is_worse_than_a_refusal(void **state)
{
	uint8_t bytes[sizeof all];

	(void)state;
	for (size_t i = 0; i < sizeof all; i++)
		for (unsigned bit = 0; bit < 8; bit++) {
			bool is_length = i == 1 || i == 7 || i == 11 || i == 15 || i == 18;

			memcpy(bytes, all, sizeof all);
			bytes[i] ^= (uint8_t)(1u << bit);
			if (parse_exact(bytes, sizeof bytes))
				assert_false(is_length);        /* numbers have one right length each */
			else
				assert_int_equal(o.has, 0);
		}
}

static void what_is_written_is_what_was_read(void **state)
{
	uint8_t bytes[sizeof all], again[sizeof all];
	struct wr w = wr_over(bytes, sizeof bytes), w2 = wr_over(again, sizeof again);

	(void)state;
	assert_true(pxe_parse(rd_over(all, sizeof all), &o));
	pxe_emit(&w, &o);
	assert_true(wr_ok(&w));
	assert_int_equal(wr_used(&w, bytes), sizeof all - 1 - 4 - 2);    /* pad, the unknown one, behind the end */
	assert_true(pxe_parse(rd_over(bytes, wr_used(&w, bytes)), &o));
	pxe_emit(&w2, &o);
	assert_int_equal(wr_used(&w, bytes), wr_used(&w2, again));
	assert_memory_equal(bytes, again, wr_used(&w, bytes));
	for (size_t room = 0; room < wr_used(&w2, again); room++) {
		w = wr_over(bytes, room);
		pxe_emit(&w, &o);
		assert_false(wr_ok(&w));
	}
}

/* CVE-2023-45229: an option longer than what encloses it. */
static void cve_2023_45229_a_sub_option_does_not_reach_out_of_its_option(void **state)
{
	static const uint8_t longer[] = { 6, 1, 8, 7, 5, 224, 0, 1, 2 };
	static const uint8_t list[] = { 8, 7, 0, 1, 2, 10, 0, 0, 1, 10, 10, 10, 10 };
	static const uint8_t menu[] = { 9, 4, 0, 1, 2, 'x', 'y', 'z' };

	(void)state;
	assert_false(parse_exact(longer, sizeof longer));
	assert_false(parse_exact(list, sizeof list));
	assert_false(parse_exact(menu, 6));
	assert_false(parse_exact(menu, sizeof menu));   /* bytes of the next sub-option would have been its text */
}

/* CVE-2023-45232, 45233: a length of zero that never brings a loop forward. */
static void cve_2023_45232_empty_values_end(void **state)
{
	uint8_t bytes[PXE_OPTION_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = i % 2 ? 0 : 200;
	assert_true(parse_exact(bytes, sizeof bytes - 1));
	memset(bytes, PXE_PAD, sizeof bytes);
	assert_true(parse_exact(bytes, sizeof bytes));
	memset(bytes, 0, sizeof bytes);                 /* a menu of nothing but empty texts */
	bytes[0] = PXE_MENU;
	bytes[1] = 252;
	assert_true(parse_exact(bytes, sizeof bytes));
	bytes[0] = PXE_SERVERS;
	assert_true(parse_exact(bytes, sizeof bytes));
}

/* CVE-2023-45234: a list that fills what was made for one. */
static void cve_2023_45234_a_long_server_list_stays_in_its_option(void **state)
{
	uint8_t bytes[PXE_OPTION_MAX] = { PXE_SERVERS, 253, 0, 1, 255 };
	struct pxe_servers s;
	unsigned count = 0;

	(void)state;
	assert_false(parse_exact(bytes, sizeof bytes)); /* 1020 bytes of addresses */
	bytes[1] = 251;
	bytes[4] = 62;
	assert_true(pxe_parse(rd_over(bytes, sizeof bytes), &o));
	assert_true(pxe_next_servers(&o.servers, &s));
	while (rd_left(&s.addresses)) {
		rd_be32(&s.addresses);
		count++;
	}
	assert_int_equal(count, 62);
}

/* uefi.md 2.5 (a): an offset of eight bits that a length of 254 turns back to 0. */
static void seen_a_a_length_of_254_does_not_wrap(void **state)
{
	uint8_t bytes[2 * PXE_OPTION_MAX] = { 200, 254 };

	(void)state;
	assert_false(parse_exact(bytes, PXE_OPTION_MAX));
	assert_true(parse_exact(bytes, PXE_OPTION_MAX + 1));
	bytes[1] = 253;
	assert_true(parse_exact(bytes, PXE_OPTION_MAX));
	bytes[1] = 255;
	bytes[257] = PXE_DISCOVERY;
	bytes[258] = 1;
	bytes[259] = PXE_NO_DISCOVERY;
	assert_true(parse_exact(bytes, 260));           /* more than one option's worth, put together */
	assert_int_equal(o.discovery, PXE_NO_DISCOVERY);
}

/* (b): a value is read before anybody asks whether it is there. Nor is there ever too much. */
static void seen_b_a_value_of_another_length_than_its_type_s_is_refused(void **state)
{
	static const uint8_t tags[] = { 1, 2, 3, 4, 5, 6, 7, 71 };
	static const uint8_t sizes[] = { 4, 2, 2, 1, 1, 1, 4, 4 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(tags); i++)
		for (uint8_t len = 0; len <= sizes[i] + 1; len++) {
			uint8_t bytes[7] = { tags[i], len };

			assert_int_equal(parse_exact(bytes, 2u + len), len == sizes[i]);
		}
}

/* (c): what is left of the menu wraps below 0; a text of 255 bytes writes behind a row of the screen. */
static void seen_c_a_menu_text_stays_in_its_menu_and_in_its_row(void **state)
{
	static uint8_t bytes[PXE_OPTION_MAX];
	struct pxe_menu_item item;
	char *row = malloc(70);

	(void)state;
	for (unsigned left = 0; left < 3; left++) {
		uint8_t cut[8] = { PXE_MENU, (uint8_t)(3 + left), 0, 1, 0, 0, 1, 9 };

		assert_int_equal(parse_exact(cut, 5 + left), left == 0);
	}
	memset(bytes, 'x', sizeof bytes);
	memcpy(bytes, (const uint8_t[]){ PXE_MENU, 253, 0, 1, 255 }, 5);
	assert_false(parse_exact(bytes, sizeof bytes));
	bytes[4] = 250;
	assert_true(pxe_parse(rd_over(bytes, sizeof bytes), &o));
	assert_true(pxe_next_item(&o.menu, &item));
	assert_int_equal(pxe_text(item.text, row, 70), 69);
	assert_int_equal(strlen(row), 69);
	free(row);
}

/* (d): a prompt without a byte, of whose length one is taken. */
static void seen_d_a_prompt_of_length_0_is_refused(void **state)
{
	static const uint8_t none[] = { 10, 0, 255 }, only_time[] = { 10, 1, 7, 255 };
	char text[4];

	(void)state;
	assert_false(parse_exact(none, sizeof none));
	assert_true(pxe_parse(rd_over(only_time, sizeof only_time), &o));
	assert_int_equal(o.prompt_s, 7);
	assert_int_equal(pxe_text(o.prompt, text, sizeof text), 0);
	assert_string_equal(text, "");
}

/* (e): the end of a list of servers reckoned in elements where bytes are meant. */
static void seen_e_a_server_list_ends_with_its_bytes(void **state)
{
	static const uint8_t list[] = {
		8, 20, 0, 1, 1, 10, 0, 0, 1,  0, 2, 0,  0, 3, 1, 10, 0, 0, 3,  0, 4, 0,
		6, 1, PXE_ONLY_LISTED,
	};
	struct pxe_servers s;
	unsigned types = 0;

	(void)state;
	assert_true(pxe_parse(rd_over(list, sizeof list), &o));
	while (pxe_next_servers(&o.servers, &s))
		types = types * 10 + s.type;
	assert_int_equal(types, 1234);
	assert_int_equal(o.discovery, PXE_ONLY_LISTED);
}

static void texts_are_fit_for_a_screen(void **state)
{
	char text[8];

	(void)state;
	assert_int_equal(pxe_text(rd_over("a\033[2\x80\n\0z", 8), text, sizeof text), 6);
	assert_string_equal(text, "a?[2??");
	assert_int_equal(pxe_text(rd_over("abcdefghij", 10), text, sizeof text), 7);
	assert_int_equal(pxe_text(rd_over("abc", 3), text, 1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_option_gives_its_values),
		cmocka_unit_test(a_prefix_is_good_only_where_a_sub_option_ends),
		cmocka_unit_test(no_flipped_bit_is_worse_than_a_refusal),
		cmocka_unit_test(what_is_written_is_what_was_read),
		cmocka_unit_test(cve_2023_45229_a_sub_option_does_not_reach_out_of_its_option),
		cmocka_unit_test(cve_2023_45232_empty_values_end),
		cmocka_unit_test(cve_2023_45234_a_long_server_list_stays_in_its_option),
		cmocka_unit_test(seen_a_a_length_of_254_does_not_wrap),
		cmocka_unit_test(seen_b_a_value_of_another_length_than_its_type_s_is_refused),
		cmocka_unit_test(seen_c_a_menu_text_stays_in_its_menu_and_in_its_row),
		cmocka_unit_test(seen_d_a_prompt_of_length_0_is_refused),
		cmocka_unit_test(seen_e_a_server_list_ends_with_its_bytes),
		cmocka_unit_test(texts_are_fit_for_a_screen),
	};

	return cmocka_run_group_tests_name("wire/pxe", tests, NULL, NULL);
}
