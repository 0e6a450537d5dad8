/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* A lease's time: renewed, rebound, taken back, run out; and one that was begun by somebody else. */
#include "netstack/dhcp_script.h"

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

/* secs are those of this conversation, not of the uptime; it has one number of its own, as long as it lasts. */
static void a_renewal_counts_its_own_seconds(void **state)
{
	uint32_t xid;

	(void)state;
	start();
	bind_with_file(0);
	xid = d.xid;
	assert_int_equal(tx(300 * S), DHCP_REQUEST);
	assert_int_equal(sent_field(8), 0);                     /* secs, and no broadcast flag */
	assert_true(d.xid != xid);
	xid = d.xid;
	assert_int_equal(tx(413 * S), DHCP_REQUEST);
	assert_int_equal(sent_field(8), 113u << 16);
	assert_int_equal(tx(530 * S), DHCP_REQUEST);            /* to any server now */
	assert_int_equal(sent_field(8), 230u << 16);
	assert_int_equal(d.xid, xid);
	reply(DHCP_ACK, OUR_IP, OTHER);
	deliver(530 * S);
	assert_int_equal(tx((530 + 300) * S), DHCP_REQUEST);
	assert_int_equal(sent_field(8), 0);
}

static void only_our_server_takes_back_while_renewing_and_any_while_rebinding(void **state)
{
	(void)state;
	start();
	bind_with_file(0);
	assert_int_equal(tx(300 * S), DHCP_REQUEST);
	reply(DHCP_NAK, 0, OTHER);
	deliver(300 * S);
	assert_int_equal(dhcp_status(&d), DHCP_BOUND);
	reply(DHCP_ACK, OUR_IP, OTHER);
	deliver(300 * S);
	assert_int_equal(d.state, DHCP_RENEWING);
	assert_int_equal(d.ignored, 2);
	assert_int_equal(tx(525 * S), DHCP_REQUEST);
	reply(DHCP_NAK, 0, OTHER);
	deliver(525 * S);
	assert_int_equal(dhcp_status(&d), DHCP_LOST);
	assert_int_equal(d.failure, DHCP_NAKED);
	assert_int_equal(dhcp_wake_at(&d), NEVER);
}

/* An hour's lease that nobody confirms: half of what is left, a minute at least; from T2 on anybody is asked. */
static void nobody_answers_for_an_hour(void **state)
{
	static const unsigned asks_s[] = {
		1800, 2475, 2812, 2981, 3065, 3125, 3150, 3375, 3487, 3547, 3600,
	};
	struct dhcp_lease lease = {
		.address = { .ip = OUR_IP }, .server = SERVER, .lease_s = 3600, .t1_s = 1800, .t2_s = 3150,
	};
	size_t asked = 0;

	(void)state;
	dhcp_resume(&d, &who, NULL, &lease, 0, 1);
	for (; dhcp_status(&d) == DHCP_BOUND; asked++) {
		usec now = dhcp_wake_at(&d);

		assert_true(asked < COUNT_OF(asks_s));
		assert_int_equal(now / S, asks_s[asked]);
		assert_int_equal(tx(now), DHCP_REQUEST);
		assert_int_equal(flow.dst_ip, now < 3150 * S ? SERVER : IP_BROADCAST);
	}
	assert_int_equal(asked, COUNT_OF(asks_s));
}

static void a_short_renewal_keeps_what_it_does_not_say(void **state)
{
	(void)state;
	start();
	bind_with_file(0);
	assert_int_equal(tx(300 * S), DHCP_REQUEST);
	fake_reply(&r, DHCP_ACK, d.xid, who.mac, OUR_IP);
	fake_ip(&r, OPT_SERVER_ID, SERVER);
	fake_ip(&r, OPT_ROUTER, ROUTER + 1);                    /* without a mask it says nothing */
	deliver(300 * S);
	assert_int_equal(dhcp_wake_at(&d), 600 * S);            /* as long as before, not for ever */
	assert_int_equal(d.lease.lease_s, LEASE_S);
	assert_int_equal(d.lease.address.mask, 0xffffff00);
	assert_int_equal(d.lease.router, ROUTER);
	assert_int_equal(tx(600 * S), DHCP_REQUEST);
	reply(DHCP_ACK, OUR_IP, SERVER);
	fake_option(&r, OPT_MTU, "\x05\xaa", 2);
	deliver(600 * S);
	assert_int_equal(d.lease.address.mtu, 1450);            /* what it says is taken */
}

static void t1_and_t2_that_make_no_sense_are_a_half_and_seven_eighths(void **state)
{
	static const struct { uint32_t lease_s, t1, t2, t1_is, t2_is; } times[] = {
		{ 800, 0, 0, 400, 700 }, { 800, 100, 200, 100, 200 }, { 800, 200, 200, 100, 200 },
		{ 800, 900, 0, 400, 700 }, { 800, 100, 800, 100, 700 }, { 800, 750, 900, 400, 700 },
		{ 800, 0, 300, 150, 300 }, { 0, 0, 0, UINT32_MAX / 2, UINT32_MAX - UINT32_MAX / 8 },
		{ UINT32_MAX, 0, 0, UINT32_MAX / 2, UINT32_MAX - UINT32_MAX / 8 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(times); i++) {
		start();
		fake_reply(&r, DHCP_OFFER, d.xid, who.mac, OUR_IP);
		fake_ip(&r, OPT_SERVER_ID, SERVER);
		fake_ip(&r, OPT_LEASE_TIME, times[i].lease_s);
		fake_ip(&r, OPT_T1, times[i].t1);
		fake_ip(&r, OPT_T2, times[i].t2);
		deliver(0);
		assert_int_equal(d.incoming.lease.t1_s, times[i].t1_is);
		assert_int_equal(d.incoming.lease.t2_s, times[i].t2_is);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(renews_at_t1_and_rebinds_at_t2),
		cmocka_unit_test(a_lease_is_lost_when_it_ends_or_is_taken_back),
		cmocka_unit_test(a_resumed_lease_is_renewed_like_any_other),
		cmocka_unit_test(a_resumed_lease_that_is_lost_is_asked_for_again),
		cmocka_unit_test(short_leases_do_not_become_a_flood),
		cmocka_unit_test(a_renewal_counts_its_own_seconds),
		cmocka_unit_test(only_our_server_takes_back_while_renewing_and_any_while_rebinding),
		cmocka_unit_test(nobody_answers_for_an_hour),
		cmocka_unit_test(a_short_renewal_keeps_what_it_does_not_say),
		cmocka_unit_test(t1_and_t2_that_make_no_sense_are_a_half_and_seven_eighths),
	};

	return cmocka_run_group_tests_name("dhcp_renewal", tests, NULL, NULL);
}
