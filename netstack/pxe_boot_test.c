/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The question to a boot server: whom, when, how often; and every answer that must not be believed. */
#include "netstack/pxe_boot_script.h"

/* ---- what is asked ---- */

/* Seeds V3 and V6: unicast to 4011, ciaddr filled, the options of a PXE client; REQUEST and INFORM. */
static void binl_asks_the_server_itself_four_times(void **state)
{
	static const enum dhcp_type types[] = { DHCP_REQUEST, DHCP_INFORM, DHCP_REQUEST, DHCP_INFORM };
	uint8_t room[64];
	usec now = 0;

	(void)state;
	ask_binl();
	for (unsigned n = 0; n < 4; n++) {
		usec wait;

		assert_int_equal(tx(now), types[n]);
		assert_int_equal(flow.dst_ip, BINL);
		assert_int_equal(flow.dst_port, 4011);
		assert_memory_equal(sent + 12, "\x0a\0\0\x32", 4);
		assert_int_equal(sent_option(OPT_CLASS, room), 32);
		assert_memory_equal(room, "PXEClient:Arch:00007:UNDI:003016", 32);
		assert_int_equal(sent_option(OPT_ARCHITECTURE, room), 2);
		assert_int_equal(sent_option(OPT_INTERFACE, room), 3);
		assert_int_equal(sent_option(OPT_UUID, room), 17);
		assert_memory_equal(room, "\0\1\2\3", 4);
		assert_int_equal(sent_option(OPT_VENDOR, room), 0);
		assert_int_equal(tx(now), 0);
		wait = pxe_boot_wake_at(&p) - now;
		assert_in_range(wait, (n + 1) * S - S / 4, (n + 1) * S + S / 4);
		now += wait;
	}
	assert_int_equal(pxe_boot_status(&p), PXE_BOOT_WORKING);
	assert_int_equal(tx(now), 0);
	assert_int_equal(pxe_boot_status(&p), PXE_BOOT_FAILED);
	assert_int_equal(p.failure, PXE_BOOT_NO_REPLY);
	assert_true(pxe_boot_wake_at(&p) == NEVER);
}

static void a_discovery_widens_from_multicast_to_all(void **state)
{
	static const uint32_t rounds[4][5] = {
		{ GROUP }, { GROUP, IP_BROADCAST }, { GROUP, IP_BROADCAST, LISTED, LISTED_TOO },
		{ GROUP, IP_BROADCAST, LISTED, LISTED_TOO },
	};
	uint8_t room[64];
	usec now = 0;

	(void)state;
	ask_type(every_way, sizeof every_way);
	for (unsigned round = 0; round < 4; round++, now = pxe_boot_wake_at(&p)) {
		for (unsigned way = 0; rounds[round][way]; way++) {
			assert_int_equal(tx(now), round % 2 ? DHCP_INFORM : DHCP_REQUEST);
			assert_int_equal(flow.dst_ip, rounds[round][way]);
			assert_int_equal(flow.dst_port, flow.dst_ip == IP_BROADCAST ? 67 : 4011);
			assert_int_equal(sent_option(OPT_VENDOR, room), 7);
			assert_memory_equal(room, "\x47\x04\0\x0f\0\0\xff", 7);
		}
		assert_int_equal(tx(now), 0);
	}
	assert_int_equal(tx(now), 0);
	assert_int_equal(p.failure, PXE_BOOT_NOT_FOUND);
}

static void discovery_control_closes_ways(void **state)
{
	static const struct {
		uint8_t control;
		bool has_group, has_list;
		unsigned ways;
		enum pxe_boot_failure why;
	} rows[] = {
		{ 0, true, true, 4, 0 }, { 0, false, false, 1, 0 }, { PXE_NO_BROADCAST, true, false, 1, 0 },
		{ PXE_NO_BROADCAST, false, false, 0, PXE_BOOT_NO_MULTICAST },
		{ PXE_NO_BROADCAST, false, true, 2, 0 },
		{ PXE_NO_BROADCAST | PXE_NO_MULTICAST, true, true, 2, 0 },
		{ PXE_NO_BROADCAST | PXE_NO_MULTICAST, true, false, 0, PXE_BOOT_NO_LIST },
		{ PXE_NO_MULTICAST, true, false, 1, 0 },
		{ PXE_ONLY_LISTED, true, false, 0, PXE_BOOT_NO_LIST },
		{ PXE_ONLY_LISTED, true, true, 4, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct pxe_option o = option_of(every_way, sizeof every_way);
		struct pxe_boot_ask ask;

		o.discovery = rows[i].control;
		if (!rows[i].has_group)
			o.discovery_ip = 0x0a000001;    /* as good as none: it is no group */
		if (!rows[i].has_list)
			o.servers = rd_over("", 0);
		pxe_boot_ask_item(&ask, &o, TYPE);
		assert_int_equal((ask.multicast_ip ? 1u : 0) + (ask.may_broadcast ? 1u : 0) + ask.server_count,
		                 rows[i].ways);
		assert_int_equal(ask.impossible, rows[i].why);
		pxe_boot_init(&p, &ask, &who, OUR_IP, NULL, 0, 7);
		assert_int_equal(pxe_boot_status(&p), rows[i].why ? PXE_BOOT_FAILED : PXE_BOOT_WORKING);
		assert_int_equal(tx(0) != 0, !rows[i].why);
		assert_int_equal(p.failure, rows[i].why);
	}
}

/* CVE-2023-45234: 62 servers for a room of eight. */
static void cve_2023_45234_more_servers_than_there_is_room_for_are_left(void **state)
{
	uint8_t bytes[255] = { 6, 1, PXE_ONLY_LISTED, 8, 251 - 3, 0, TYPE, 61 };

	(void)state;
	for (unsigned i = 0; i < 61; i++)
		memcpy(bytes + 8 + 4 * i, (const uint8_t[]){ 10, 0, 1, (uint8_t)i }, 4);
	bytes[4] = 3 + 61 * 4;
	ask_type(bytes, 8 + 61 * 4);
	assert_int_equal(p.ask.server_count, PXE_BOOT_SERVERS_MAX);
	assert_int_equal(p.ask.servers[7], 0x0a000107);
}

/* uefi.md 2.5 (g): neither siaddr nor option 54, and the client went on with nobody. */
static void seen_g_nobody_is_not_asked(void **state)
{
	static const uint32_t nobody[] = { 0, IP_BROADCAST, GROUP };
	struct pxe_boot_ask ask;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(nobody); i++) {
		pxe_boot_ask_server(&ask, nobody[i]);
		pxe_boot_init(&p, &ask, &who, OUR_IP, NULL, 0, 7);
		assert_int_equal(tx(0), 0);
		assert_int_equal(p.failure, PXE_BOOT_NO_REPLY);
	}
}

/* ---- what is believed ---- */

static void an_answer_says_what_to_boot(void **state)
{
	(void)state;
	ask_binl();
	tx(0);
	answer(DHCP_ACK, "boot\\x86\\wdsnbp.com");
	fake_field(&r, FAKE_SIADDR_AT, LISTED);
	assert_true(deliver(1, BINL));
	assert_int_equal(pxe_boot_status(&p), PXE_BOOT_DONE);
	assert_string_equal(p.answer.boot_file, "boot\\x86\\wdsnbp.com");
	assert_int_equal(p.answer.next_server, LISTED);
	assert_int_equal(p.answered_by, BINL);
	assert_int_equal(tx(9 * S), 0);
	assert_true(pxe_boot_wake_at(&p) == NEVER);
	assert_true(deliver(2, BINL));                  /* the second copy is ours, and changes nothing */
	assert_int_equal(p.ignored, 1);
}

static void binl_may_answer_with_a_menu(void **state)
{
	static const uint8_t menu[] = { 9, 5, 0, TYPE, 2, 'o', 'k', 255 };

	(void)state;
	ask_binl();
	tx(0);
	answer(DHCP_ACK, NULL);
	fake_option(&r, OPT_VENDOR, menu, sizeof menu);
	deliver(1, BINL);
	assert_int_equal(pxe_boot_status(&p), PXE_BOOT_DONE);
	assert_int_equal(p.answer.vendor_len, sizeof menu);
}

static void other_machines_and_other_numbers_are_not_ours(void **state)
{
	(void)state;
	ask_binl();
	tx(0);
	answer(DHCP_ACK, "x");
	r.bytes[4] ^= 1;
	assert_false(deliver(1, BINL));
	answer(DHCP_ACK, "x");
	r.bytes[FAKE_CHADDR_AT + 5] ^= 1;
	assert_false(deliver(1, BINL));
	answer(DHCP_ACK, "x");
	r.bytes[2] = 0;                                 /* uefi.md 2.5 (f): hlen 0 compares nothing, and all match */
	assert_true(deliver(1, BINL));
	assert_int_equal(p.malformed, 1);
	assert_int_equal(pxe_boot_status(&p), PXE_BOOT_WORKING);
}

static void before_anything_was_asked_nothing_is_an_answer(void **state)
{
	(void)state;
	ask_binl();
	answer(DHCP_ACK, "x");
	deliver(0, BINL);
	assert_int_equal(pxe_boot_status(&p), PXE_BOOT_WORKING);
}

static void only_an_ack_from_who_was_asked_counts(void **state)
{
	static const enum dhcp_type others[] = { DHCP_BOOTP, DHCP_OFFER, DHCP_NAK, DHCP_REQUEST };

	(void)state;
	ask_binl();
	tx(0);
	for (size_t i = 0; i < COUNT_OF(others); i++) {
		answer(others[i], "x");
		deliver(1, BINL);
	}
	answer(DHCP_ACK, "x");
	deliver(1, STRANGER);
	assert_int_equal(p.ignored, 5);
	assert_int_equal(p.answered_by, 0);
	assert_int_equal(pxe_boot_status(&p), PXE_BOOT_WORKING);
	deliver(1, BINL);
	assert_int_equal(pxe_boot_status(&p), PXE_BOOT_DONE);
}

static void a_discovery_believes_the_type_and_the_list(void **state)
{
	static const uint8_t anybody[] = { 8, 3, 0, TYPE, 0 };

	(void)state;
	ask_type(every_way, sizeof every_way);
	tx(0);
	answer_item(TYPE + 1, 0);
	deliver(1, LISTED);
	answer_item(TYPE, 0);
	deliver(1, STRANGER);                           /* not in the list */
	assert_int_equal(p.ignored, 2);
	answer(DHCP_ACK, "x");
	deliver_from(1, LISTED_TOO, 67);                /* the DHCP server beside it */
	assert_int_equal(p.ignored, 3);
	answer(DHCP_ACK, "x");
	deliver(1, LISTED_TOO);                         /* listed: its type need not be said */
	assert_int_equal(pxe_boot_status(&p), PXE_BOOT_DONE);

	ask_type(anybody, sizeof anybody);
	tx(0);
	answer(DHCP_ACK, "x");
	deliver(1, STRANGER);                           /* a DHCP server that takes the broadcast for a renewal */
	assert_int_equal(pxe_boot_status(&p), PXE_BOOT_WORKING);
	answer_item(TYPE, 0);
	deliver(1, STRANGER);
	assert_int_equal(pxe_boot_status(&p), PXE_BOOT_DONE);
}

static void credentials_are_noted_and_ignored(void **state)
{
	(void)state;
	ask_type(every_way, sizeof every_way);
	tx(0);
	answer_item(TYPE, 1);
	deliver(1, LISTED);
	assert_false(p.wants_credentials);
	ask_type(every_way, sizeof every_way);
	tx(0);
	answer_item(TYPE, PXE_CREDENTIALS_WANTED);
	deliver(1, LISTED);
	assert_int_equal(pxe_boot_status(&p), PXE_BOOT_DONE);
	assert_true(p.wants_credentials);
}

/* EDK2's 3f55418d53: the one has no file, the other comes between, and what is not there is used. */
static void an_answer_without_a_file_is_waited_on(void **state)
{
	usec now = 0;

	(void)state;
	ask_type(every_way, sizeof every_way);
	tx(0);
	answer_item(TYPE, 0);
	r.w = wr_over(r.bytes + FAKE_OPTIONS_AT, sizeof r.bytes - FAKE_OPTIONS_AT);
	fake_option(&r, OPT_TYPE, "\x05", 1);
	deliver(1, LISTED);
	assert_int_equal(pxe_boot_status(&p), PXE_BOOT_WORKING);
	answer_item(TYPE, 0);
	deliver(2, LISTED_TOO);
	assert_int_equal(pxe_boot_status(&p), PXE_BOOT_DONE);
	assert_string_equal(p.answer.boot_file, "boot.0");

	ask_binl();
	tx(0);
	answer(DHCP_ACK, NULL);
	deliver(1, BINL);
	for (; now != NEVER; now = pxe_boot_wake_at(&p))
		tx(now);
	assert_int_equal(p.failure, PXE_BOOT_NO_FILE);
	assert_int_equal(p.answered_by, BINL);
}

/* CVE-2023-45230, 45235: what a server says of itself is never copied into what we send. */
static void cve_2023_45235_a_long_server_id_goes_nowhere(void **state)
{
	uint8_t id[255];
	uint8_t room[64];

	(void)state;
	memset(id, 0xee, sizeof id);
	ask_binl();
	tx(0);
	answer(DHCP_ACK, NULL);
	fake_option(&r, OPT_SERVER_ID, id, sizeof id);
	fake_option(&r, OPT_CLIENT_ID, id, sizeof id);
	fake_option(&r, OPT_UUID, id, sizeof id);
	deliver(1, BINL);
	assert_int_equal(tx(2 * S), DHCP_INFORM);
	assert_int_equal(sent_option(OPT_SERVER_ID, room), 0);
	assert_int_equal(sent_option(OPT_UUID, room), 17);
	assert_null(memchr(sent, 0xee, sizeof sent));
}

/* uefi.md 2.5 (h): a name that fills its option has no room for a NUL, and none is written behind it. */
static void seen_h_a_file_name_without_nul_ends(void **state)
{
	(void)state;
	ask_binl();
	tx(0);
	answer(DHCP_ACK, "boot.0");
	fake_text(&r, OPT_ROOT_PATH, "next");
	deliver(1, BINL);
	assert_string_equal(p.answer.boot_file, "boot.0");
	assert_string_equal(p.answer.root_path, "next");
}

static void an_oversized_answer_is_cut_and_a_malformed_one_is_dropped(void **state)
{
	static char longer[255];

	(void)state;
	memset(longer, 'x', sizeof longer);
	ask_binl();
	tx(0);
	answer(DHCP_ACK, "x");
	fake_option(&r, OPT_VENDOR, "\x09\x09\x00", 3);
	deliver(1, BINL);
	assert_int_equal(p.malformed, 1);
	answer(DHCP_ACK, NULL);
	for (int i = 0; i < 4; i++)
		fake_option(&r, OPT_BOOT_FILE, longer, sizeof longer);
	deliver(1, BINL);
	assert_int_equal(pxe_boot_status(&p), PXE_BOOT_DONE);
	assert_int_equal(strlen(p.answer.boot_file), sizeof p.answer.boot_file - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(binl_asks_the_server_itself_four_times),
		cmocka_unit_test(a_discovery_widens_from_multicast_to_all),
		cmocka_unit_test(discovery_control_closes_ways),
		cmocka_unit_test(cve_2023_45234_more_servers_than_there_is_room_for_are_left),
		cmocka_unit_test(seen_g_nobody_is_not_asked),
		cmocka_unit_test(an_answer_says_what_to_boot),
		cmocka_unit_test(binl_may_answer_with_a_menu),
		cmocka_unit_test(other_machines_and_other_numbers_are_not_ours),
		cmocka_unit_test(before_anything_was_asked_nothing_is_an_answer),
		cmocka_unit_test(only_an_ack_from_who_was_asked_counts),
		cmocka_unit_test(a_discovery_believes_the_type_and_the_list),
		cmocka_unit_test(credentials_are_noted_and_ignored),
		cmocka_unit_test(an_answer_without_a_file_is_waited_on),
		cmocka_unit_test(cve_2023_45235_a_long_server_id_goes_nowhere),
		cmocka_unit_test(seen_h_a_file_name_without_nul_ends),
		cmocka_unit_test(an_oversized_answer_is_cut_and_a_malformed_one_is_dropped),
	};

	return cmocka_run_group_tests_name("pxe_boot", tests, NULL, NULL);
}
