/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Which offer is taken, when, and what becomes of the others. */
#include "netstack/dhcp_script.h"

static void an_address_alone_waits_two_seconds_for_a_proxy(void **state)
{
	(void)state;
	start();
	reply(DHCP_OFFER, OUR_IP, SERVER);
	deliver(S);
	assert_int_equal(tx(S), 0);
	assert_int_equal(dhcp_wake_at(&d), 3 * S);
	assert_int_equal(tx(3 * S), DHCP_REQUEST);
	reply(DHCP_ACK, OUR_IP, SERVER);
	deliver(3 * S);
	assert_int_equal(dhcp_status(&d), DHCP_BOUND);          /* the loader says E53 */
	assert_string_equal(d.lease.boot_file, "");
	assert_true(d.options_seen[0] >> OPT_ROUTER & 1);
	assert_false(d.options_seen[OPT_BOOT_FILE / 8] >> OPT_BOOT_FILE % 8 & 1);
}

static void a_proxy_adds_what_to_boot(void **state)
{
	(void)state;
	for (int proxy_first = 0; proxy_first < 2; proxy_first++) {
		start();
		if (proxy_first)
			proxy_offer(S, true);
		reply(DHCP_OFFER, OUR_IP, SERVER);
		deliver(S);
		if (!proxy_first)
			proxy_offer(2 * S, true);
		assert_int_equal(tx(2 * S), DHCP_REQUEST);      /* nothing better can come */
		assert_int_equal(d.proxy_count, 1);
		assert_int_equal(sent_ip(OPT_SERVER_ID), SERVER);
		reply(DHCP_ACK, OUR_IP, SERVER);
		deliver(2 * S);
		assert_int_equal(dhcp_status(&d), DHCP_BOUND);
		assert_string_equal(d.lease.boot_file, "boot/rill.kpxe");
		assert_int_equal(d.lease.next_server, PROXY);
		assert_int_equal(d.lease.server, SERVER);
		assert_int_equal(d.lease.pxe_discovery, 8);
		assert_true(d.lease.is_pxe);
	}
}

static void proxies_alone_are_e52(void **state)
{
	(void)state;
	start();
	proxy_offer(S, true);
	proxy_offer(2 * S, true);                               /* said again: still one */
	assert_int_equal(tx(3 * S), 0);
	for (unsigned turns = 0; dhcp_status(&d) == DHCP_WORKING && turns < 20; turns++)
		tx(dhcp_wake_at(&d));
	assert_int_equal(d.failure, DHCP_PROXY_ONLY);
	assert_int_equal(d.offer_count, 1);
}

static void offers_are_ranked(void **state)
{
	(void)state;
	start();
	pair(OUR_IP, SERVER, NULL, NULL, 0);
	pair(OUR_IP + 1, SERVER + 10, "PXEClient", NULL, 0);
	pair(OUR_IP + 2, SERVER + 11, "PXEClient:x", "\x02\x02\x12\x34", 4);
	pair(OUR_IP + 3, SERVER + 12, "PXEClient", "\x06\x01\x00\x0a\x02\x00P\xff", 8);
	pair(OUR_IP + 4, SERVER + 13, "PXEClien", "\x06\x01\x00", 3);
	pair(0x7f000001, SERVER + 14, NULL, NULL, 0);
	pair(0, SERVER + 15, NULL, NULL, 0);
	assert_int_equal(d.offers[0].rank, DHCP_RANK_ADDRESS_ONLY);
	assert_int_equal(d.offers[1].rank, DHCP_RANK_BINL);
	assert_int_equal(d.offers[2].rank, DHCP_RANK_MTFTP);
	assert_int_equal(d.offers[3].rank, DHCP_RANK_PXE);
	assert_int_equal(d.offers[4].rank, DHCP_RANK_ADDRESS_ONLY);
	assert_int_equal(d.offers[5].rank, DHCP_RANK_UNUSABLE);
	assert_non_null(d.offers[5].unusable);
	assert_non_null(d.offers[6].unusable);
	assert_int_equal(d.proxy_count, 0);
	proxy_offer(S, false);
	assert_int_equal(d.offers[0].rank, DHCP_RANK_PROXY_PXE);
	assert_int_equal(tx(2 * S), 0);
	assert_int_equal(tx(3 * S), DHCP_REQUEST);
	assert_int_equal(sent_ip(OPT_SERVER_ID), SERVER + 12);
}

static void a_seventeenth_server_is_one_too_many(void **state)
{
	(void)state;
	start();
	for (uint32_t i = 0; i < DHCP_OFFERS_MAX + 3; i++)
		pair(OUR_IP, SERVER + i, NULL, NULL, 0);
	assert_int_equal(d.offer_count, DHCP_OFFERS_MAX);
	assert_int_equal(d.ignored, 3);
}

static void bootp_is_taken_when_nothing_better_comes(void **state)
{
	(void)state;
	start();
	reply(DHCP_BOOTP, OUR_IP, 0);
	memcpy(r.bytes + FAKE_FILE_AT, "rill.kpxe", 9);
	deliver(S);
	assert_int_equal(d.offers[0].rank, DHCP_RANK_BOOTP);
	assert_int_equal(tx(S), 0);
	assert_int_equal(tx(3 * S), 0);                         /* nothing to request */
	assert_int_equal(dhcp_status(&d), DHCP_BOUND);
	assert_string_equal(d.lease.boot_file, "rill.kpxe");
	assert_int_equal(d.lease.lease_s, UINT32_MAX);
	assert_int_equal(d.lease.next_server, SERVER);
}

static void an_unanswered_request_turns_to_the_next_offer(void **state)
{
	static const unsigned wait_s[] = { 1, 2, 3, 4 };
	usec now = 3 * S;

	(void)state;
	start();
	pair(OUR_IP, SERVER, NULL, NULL, 0);
	pair(OUR_IP + 1, OTHER, NULL, NULL, 0);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(tx(now), DHCP_REQUEST);
		assert_int_equal(sent_ip(OPT_SERVER_ID), SERVER);
		assert_in_range(dhcp_wake_at(&d) - now, wait_s[i] * S - S / 4, wait_s[i] * S + S / 4);
		now = dhcp_wake_at(&d);
	}
	assert_int_equal(tx(now), DHCP_REQUEST);
	assert_int_equal(sent_ip(OPT_SERVER_ID), OTHER);
	assert_int_equal(sent_ip(OPT_REQUESTED_IP), OUR_IP + 1);
	reply(DHCP_ACK, OUR_IP, SERVER);
	deliver(now);                                           /* too late, and not whom we ask now */
	assert_int_equal(dhcp_status(&d), DHCP_WORKING);
	while (dhcp_wake_at(&d) != NEVER)
		tx(dhcp_wake_at(&d));
	assert_int_equal(dhcp_status(&d), DHCP_FAILED);
	assert_int_equal(d.failure, DHCP_NO_ACK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_alone_waits_two_seconds_for_a_proxy),
		cmocka_unit_test(a_proxy_adds_what_to_boot),
		cmocka_unit_test(proxies_alone_are_e52),
		cmocka_unit_test(offers_are_ranked),
		cmocka_unit_test(a_seventeenth_server_is_one_too_many),
		cmocka_unit_test(bootp_is_taken_when_nothing_better_comes),
		cmocka_unit_test(an_unanswered_request_turns_to_the_next_offer),
	};

	return cmocka_run_group_tests_name("dhcp_offer", tests, NULL, NULL);
}
