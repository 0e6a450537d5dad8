/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The DHCP client against a scripted network, with a clock we move by hand. */
#include "netstack/dhcp_script.h"

static void an_offer_with_boot_data_is_taken_at_once(void **state)
{
	(void)state;
	start();
	assert_int_equal(flow.dst_ip, IP_BROADCAST);
	reply(DHCP_OFFER, OUR_IP, SERVER);
	fake_text(&r, OPT_BOOT_FILE, "rill.kpxe");
	fake_field(&r, FAKE_SIADDR_AT, OTHER);
	deliver(1000);
	assert_int_equal(dhcp_wake_at(&d), 1000);
	assert_int_equal(tx(1000), DHCP_REQUEST);
	assert_int_equal(flow.dst_ip, IP_BROADCAST);
	assert_int_equal(sent_ip(OPT_REQUESTED_IP), OUR_IP);
	assert_int_equal(sent_ip(OPT_SERVER_ID), SERVER);
	assert_int_equal(sent_field(12), 0);
	assert_int_equal(dhcp_status(&d), DHCP_WORKING);
	reply(DHCP_ACK, OUR_IP, SERVER);
	fake_field(&r, FAKE_SIADDR_AT, OTHER);
	fake_text(&r, OPT_ROOT_PATH, "rill://server/disk");
	fake_text(&r, OPT_HOST_NAME, "box");
	fake_option(&r, OPT_MTU, "\x05\xaa", 2);
	deliver(2000);
	assert_int_equal(dhcp_status(&d), DHCP_BOUND);
	assert_int_equal(d.lease.address.ip, OUR_IP);
	assert_int_equal(d.lease.address.mask, 0xffffff00);
	assert_int_equal(d.lease.router, ROUTER);
	assert_int_equal(d.lease.address.route_count, 1);
	assert_int_equal(d.lease.address.mtu, 1450);
	assert_int_equal(d.lease.server, SERVER);
	assert_int_equal(d.lease.next_server, OTHER);
	assert_int_equal(d.lease.lease_s, LEASE_S);
	assert_int_equal(d.lease.t1_s, 300);
	assert_int_equal(d.lease.t2_s, 525);
	assert_string_equal(d.lease.root_path, "rill://server/disk");
	assert_string_equal(d.lease.host_name, "box");
	assert_string_equal(d.last_packet, "DHCPACK");
}

static void discovers_at_4_8_16_and_32_seconds(void **state)
{
	static const unsigned wait_s[] = { 4, 8, 16, 32 };

	(void)state;
	for (uint64_t seed = 0; seed < 50; seed++) {
		usec now = 0;

		dhcp_init(&d, &who, NULL, 0, seed);
		for (size_t i = 0; i < 4; i++) {
			assert_int_equal(tx(now), DHCP_DISCOVER);
			assert_int_equal(sent_field(8) >> 16, now / S);        /* secs */
			assert_in_range(dhcp_wake_at(&d) - now, (wait_s[i] - 1) * S, (wait_s[i] + 1) * S);
			now = dhcp_wake_at(&d);
			assert_int_equal(tx(now - 1), 0);
		}
		assert_in_range(now, 56 * S, 64 * S);
		assert_int_equal(dhcp_status(&d), DHCP_WORKING);
		assert_int_equal(tx(now), 0);
		assert_int_equal(dhcp_status(&d), DHCP_FAILED);
		assert_int_equal(d.failure, DHCP_NO_OFFER);
		assert_int_equal(dhcp_wake_at(&d), NEVER);
	}
}

static void a_nak_starts_over_three_times(void **state)
{
	uint32_t xid;

	(void)state;
	start();
	for (unsigned naks = 1; naks <= 3; naks++) {
		usec now = naks * 10 * S;

		reply(DHCP_OFFER, OUR_IP, SERVER);
		fake_text(&r, OPT_BOOT_FILE, "x");
		deliver(now);
		assert_int_equal(tx(now), DHCP_REQUEST);
		reply(DHCP_NAK, 0, OTHER);
		deliver(now);                                   /* not from whom we asked */
		assert_int_equal(d.state, DHCP_REQUESTING);
		xid = d.xid;
		reply(DHCP_NAK, 0, SERVER);
		deliver(now);
		if (naks == 3)
			break;
		assert_int_equal(tx(now + (naks - 1) * S), DHCP_DISCOVER);
		assert_true(d.xid != xid);
	}
	assert_int_equal(dhcp_status(&d), DHCP_FAILED);
	assert_int_equal(d.failure, DHCP_NAKED);
}

static void renews_at_t1_and_rebinds_at_t2(void **state)
{
	(void)state;
	start();
	bind_with_file(0);
	assert_int_equal(dhcp_wake_at(&d), 300 * S);
	assert_int_equal(tx(300 * S - 1), 0);
	assert_int_equal(tx(300 * S), DHCP_REQUEST);
	assert_int_equal(flow.dst_ip, SERVER);
	assert_int_equal(sent_field(12), OUR_IP);
	assert_int_equal(sent_ip(OPT_REQUESTED_IP), 0);
	assert_int_equal(sent_ip(OPT_SERVER_ID), 0);
	assert_int_equal(dhcp_status(&d), DHCP_BOUND);
	reply(DHCP_ACK, OUR_IP, SERVER);
	deliver(301 * S);
	assert_int_equal(dhcp_wake_at(&d), 600 * S);            /* from when we asked */
	assert_string_equal(d.lease.boot_file, "rill.kpxe");    /* a renewal does not change the boot */

	assert_int_equal(tx(600 * S), DHCP_REQUEST);
	assert_int_equal(dhcp_wake_at(&d), 600 * S + 225 * S / 2);
	assert_int_equal(tx(825 * S), DHCP_REQUEST);            /* T2: whoever is there */
	assert_int_equal(flow.dst_ip, IP_BROADCAST);
	assert_int_equal(sent_field(12), OUR_IP);
	reply(DHCP_ACK, OUR_IP + 1, OTHER);
	deliver(826 * S);
	assert_int_equal(d.state, DHCP_REBINDING);              /* another address is no renewal */
	reply(DHCP_ACK, OUR_IP, OTHER);
	deliver(826 * S);
	assert_int_equal(d.state, DHCP_HOLDING);
	assert_int_equal(d.lease.server, OTHER);
	assert_int_equal(dhcp_wake_at(&d), (825 + 300) * S);
}

static void a_lease_is_lost_when_it_ends_or_is_taken_back(void **state)
{
	unsigned sends = 0;

	(void)state;
	start();
	bind_with_file(0);
	while (dhcp_status(&d) == DHCP_BOUND && sends < 100)
		sends += tx(dhcp_wake_at(&d)) == DHCP_REQUEST;
	assert_int_equal(dhcp_status(&d), DHCP_LOST);
	assert_in_range(sends, 4, 12);

	start();
	bind_with_file(0);
	assert_int_equal(tx(599 * S), DHCP_REQUEST);            /* nobody called us for long */
	reply(DHCP_NAK, 0, SERVER);
	deliver(599 * S);
	assert_int_equal(dhcp_status(&d), DHCP_LOST);

	start();
	bind_with_file(0);
	assert_int_equal(tx(600 * S), 0);
	assert_int_equal(dhcp_status(&d), DHCP_LOST);
}

static void resume(uint32_t lease_s, uint32_t t1_s, uint32_t t2_s, usec now)
{
	struct dhcp_lease lease = {
		.address = { .ip = OUR_IP }, .server = SERVER, .lease_s = lease_s, .t1_s = t1_s, .t2_s = t2_s,
	};

	dhcp_resume(&d, &who, NULL, &lease, now, 1);
	assert_int_equal(dhcp_status(&d), DHCP_BOUND);
}

static void a_resumed_lease_is_renewed_like_any_other(void **state)
{
	(void)state;
	resume(600, 300, 525, 7 * S);
	assert_int_equal(dhcp_wake_at(&d), 300 * S);            /* it began at 0 */
	assert_int_equal(tx(300 * S - 1), 0);
	assert_int_equal(tx(300 * S), DHCP_REQUEST);
	assert_int_equal(flow.dst_ip, SERVER);
	assert_int_equal(sent_field(12), OUR_IP);
	assert_int_equal(tx(525 * S), DHCP_REQUEST);
	assert_int_equal(flow.dst_ip, IP_BROADCAST);
	reply(DHCP_ACK, OUR_IP, OTHER);
	deliver(526 * S);
	assert_int_equal(dhcp_status(&d), DHCP_BOUND);
	assert_int_equal(d.lease.server, OTHER);
	assert_int_equal(dhcp_wake_at(&d), (525 + 300) * S);
}

/* Broadcast for the same address at growing intervals from here on, a minute at last. */
static void expect_asking_again(usec now)
{
	static const unsigned wait_s[] = { 4, 8, 16, 32, 60, 60, 60 };

	for (size_t i = 0; i < COUNT_OF(wait_s); i++) {
		assert_int_equal(tx(now), DHCP_REQUEST);
		assert_int_equal(dhcp_status(&d), DHCP_LOST);
		assert_int_equal(flow.dst_ip, IP_BROADCAST);
		assert_int_equal(sent_field(12), OUR_IP);
		assert_in_range(dhcp_wake_at(&d) - now, (wait_s[i] - 1) * S, (wait_s[i] + 1) * S);
		assert_int_equal(tx(dhcp_wake_at(&d) - 1), 0);
		reply(DHCP_NAK, 0, OTHER);
		deliver(now);                                   /* does not hurry or end it */
		now = dhcp_wake_at(&d);
	}
	assert_int_equal(tx(now), DHCP_REQUEST);
	reply(DHCP_ACK, OUR_IP, OTHER);
	deliver(now + S);
	assert_int_equal(dhcp_status(&d), DHCP_BOUND);
	assert_int_equal(d.failure, DHCP_NO_FAILURE);
	assert_int_equal(dhcp_wake_at(&d), now + 300 * S);
}

static void a_resumed_lease_that_is_lost_is_asked_for_again(void **state)
{
	static const struct { enum dhcp_type type; uint32_t ip; } taken_back[] = {
		{ DHCP_NAK, 0 }, { DHCP_ACK, OUR_IP + 1 },
	};

	(void)state;
	resume(600, 300, 525, 600 * S);                         /* over before we came */
	assert_true(dhcp_wake_at(&d) <= 600 * S);
	expect_asking_again(600 * S);

	resume(0, 0, 0, 0);
	expect_asking_again(0);

	for (size_t i = 0; i < COUNT_OF(taken_back); i++) {
		resume(600, 300, 525, 0);
		assert_int_equal(tx(300 * S), DHCP_REQUEST);
		reply(taken_back[i].type, taken_back[i].ip, SERVER);
		deliver(301 * S);
		assert_int_equal(d.failure, DHCP_NAKED);
		assert_in_range(dhcp_wake_at(&d), 304 * S, 306 * S);
		expect_asking_again(dhcp_wake_at(&d));
	}
}

static void short_leases_do_not_become_a_flood(void **state)
{
	unsigned sends = 0;

	(void)state;
	start();
	reply(DHCP_OFFER, OUR_IP, SERVER);
	fake_text(&r, OPT_BOOT_FILE, "x");
	deliver(0);
	tx(0);
	fake_reply(&r, DHCP_ACK, d.xid, who.mac, OUR_IP);
	fake_ip(&r, OPT_SERVER_ID, SERVER);
	fake_ip(&r, OPT_LEASE_TIME, 1);
	fake_ip(&r, OPT_T1, 0);
	fake_ip(&r, OPT_T2, 1);
	deliver(0);
	assert_int_equal(dhcp_status(&d), DHCP_BOUND);
	assert_int_equal(d.lease.lease_s, 8);
	for (unsigned turns = 0; dhcp_status(&d) == DHCP_BOUND && turns < 100; turns++)
		sends += tx(dhcp_wake_at(&d)) == DHCP_REQUEST;
	assert_in_range(sends, 2, 8);
}

static void a_conflict_declines_and_waits(void **state)
{
	(void)state;
	start();
	bind_with_file(0);
	dhcp_decline(&d, 5 * S);
	assert_int_equal(dhcp_status(&d), DHCP_WORKING);
	assert_int_equal(dhcp_wake_at(&d), 0);
	assert_int_equal(tx(5 * S), DHCP_DECLINE);
	assert_int_equal(flow.dst_ip, IP_BROADCAST);
	assert_int_equal(sent_ip(OPT_REQUESTED_IP), OUR_IP);
	assert_int_equal(sent_ip(OPT_SERVER_ID), SERVER);
	assert_int_equal(sent_field(12), 0);
	assert_int_equal(tx(15 * S - 1), 0);
	assert_int_equal(tx(15 * S), DHCP_DISCOVER);
}

static void a_release_gives_the_lease_back(void **state)
{
	(void)state;
	start();
	dhcp_release(&d, 0);                                    /* there is none yet */
	assert_int_equal(dhcp_status(&d), DHCP_WORKING);
	bind_with_file(0);
	dhcp_release(&d, S);
	assert_int_equal(tx(S), DHCP_RELEASE);
	assert_int_equal(flow.dst_ip, SERVER);
	assert_int_equal(sent_field(12), OUR_IP);
	assert_int_equal(sent_ip(OPT_SERVER_ID), SERVER);
	assert_int_equal(sent_ip(OPT_REQUESTED_IP), 0);
	assert_int_equal(dhcp_status(&d), DHCP_LOST);
	assert_int_equal(tx(2 * S), 0);
}

static void what_is_not_for_us_is_counted(void **state)
{
	(void)state;
	start();
	reply(DHCP_OFFER, OUR_IP, SERVER);
	r.bytes[4]++;                                           /* xid */
	deliver(0);
	reply(DHCP_OFFER, OUR_IP, SERVER);
	r.bytes[FAKE_CHADDR_AT + 5]++;
	deliver(0);
	assert_int_equal(d.foreign, 2);
	reply(DHCP_OFFER, OUR_IP, SERVER);
	r.bytes[0] = 1;
	deliver(0);
	assert_int_equal(d.malformed, 1);
	reply(DHCP_ACK, OUR_IP, SERVER);
	deliver(0);
	assert_int_equal(d.ignored, 1);
	assert_int_equal(d.offer_count, 0);
}

/* Whatever single bit of an ACK breaks on the way: no crash, no endless loop, and a state that goes on. */
static void no_flipped_bit_breaks_the_client(void **state)
{
	(void)state;
	start();
	bind_with_file(0);
	for (size_t i = 0; i < r.len * 8; i++) {
		start();
		reply(DHCP_OFFER, OUR_IP, SERVER);
		fake_text(&r, OPT_BOOT_FILE, "rill.kpxe");
		deliver(0);
		assert_int_equal(tx(0), DHCP_REQUEST);
		reply(DHCP_ACK, OUR_IP, SERVER);
		fake_text(&r, OPT_BOOT_FILE, "rill.kpxe");
		r.bytes[i / 8] ^= (uint8_t)(1u << i % 8);
		deliver(0);
		for (unsigned turns = 0; dhcp_wake_at(&d) != NEVER; turns++) {
			assert_true(turns < 80);      /* a lease of 136 years is halved often */
			tx(dhcp_wake_at(&d));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_offer_with_boot_data_is_taken_at_once),
		cmocka_unit_test(discovers_at_4_8_16_and_32_seconds),
		cmocka_unit_test(a_nak_starts_over_three_times),
		cmocka_unit_test(renews_at_t1_and_rebinds_at_t2),
		cmocka_unit_test(a_lease_is_lost_when_it_ends_or_is_taken_back),
		cmocka_unit_test(a_resumed_lease_is_renewed_like_any_other),
		cmocka_unit_test(a_resumed_lease_that_is_lost_is_asked_for_again),
		cmocka_unit_test(short_leases_do_not_become_a_flood),
		cmocka_unit_test(a_conflict_declines_and_waits),
		cmocka_unit_test(a_release_gives_the_lease_back),
		cmocka_unit_test(what_is_not_for_us_is_counted),
		cmocka_unit_test(no_flipped_bit_breaks_the_client),
	};

	return cmocka_run_group_tests_name("dhcp", tests, NULL, NULL);
}
