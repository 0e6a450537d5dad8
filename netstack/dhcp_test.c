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

/* Power is back, a thousand machines are on: who was told so does not ask in the same moment as the others. */
static void a_start_can_be_spread(void **state)
{
	struct dhcp_identity spread = who;
	usec least = NEVER, most = 0;

	(void)state;
	spread.start_spread_ms = 1000;
	for (uint64_t seed = 0; seed < 100; seed++) {
		usec due;

		dhcp_init(&d, &spread, NULL, 5 * S, seed);
		due = dhcp_wake_at(&d);
		assert_true(due == 5 * S || tx(due - 1) == 0);
		assert_int_equal(tx(due), DHCP_DISCOVER);
		assert_int_equal(sent_field(8) >> 16, 0);       /* secs begin with it */
		least = min_u64(least, due);
		most  = max_u64(most, due);
	}
	assert_in_range(least, 5 * S, 5 * S + S / 10);
	assert_in_range(most, 6 * S - S / 10, 6 * S - 1);
	dhcp_init(&d, &who, NULL, 5 * S, 1);
	assert_int_equal(dhcp_wake_at(&d), 5 * S);              /* who was told nothing begins at once */
}

/* RFC 2131 3.1.3: or a relay might take the request elsewhere than the DISCOVER before it. */
static void a_request_says_the_secs_of_its_discover(void **state)
{
	(void)state;
	start();
	assert_int_equal(tx(5 * S), DHCP_DISCOVER);
	assert_int_equal(sent_field(8) >> 16, 5);
	reply(DHCP_OFFER, OUR_IP, SERVER);
	fake_text(&r, OPT_BOOT_FILE, "x");
	deliver(8 * S);
	for (usec now = 8 * S; now < 15 * S; now += 3 * S) {
		assert_int_equal(tx(now), DHCP_REQUEST);
		assert_int_equal(sent_field(8), 5u << 16 | 0x8000);
	}
	reply(DHCP_NAK, 0, SERVER);
	deliver(15 * S);
	assert_int_equal(tx(15 * S), DHCP_DISCOVER);            /* from the beginning, in this, too */
	assert_int_equal(sent_field(8) >> 16, 0);
}

/* What an ACK leaves out, and the offer said. */
static void an_offer_completes_a_short_ack(void **state)
{
	(void)state;
	start();
	reply(DHCP_OFFER, OUR_IP, SERVER);
	fake_text(&r, OPT_BOOT_FILE, "rill.kpxe");
	fake_text(&r, OPT_ROOT_PATH, "/root");
	deliver(0);
	assert_int_equal(tx(0), DHCP_REQUEST);
	fake_reply(&r, DHCP_ACK, d.xid, who.mac, OUR_IP);
	fake_ip(&r, OPT_SERVER_ID, SERVER);
	deliver(0);
	assert_int_equal(dhcp_status(&d), DHCP_BOUND);
	assert_string_equal(d.lease.boot_file, "rill.kpxe");
	assert_string_equal(d.lease.root_path, "/root");
	assert_int_equal(d.lease.address.mask, 0xffffff00);
	assert_int_equal(d.lease.router, ROUTER);
	assert_int_equal(d.lease.lease_s, LEASE_S);             /* not for ever */
	assert_int_equal(d.lease.t1_s, LEASE_S / 2);
}

/* Whoever says an address is ours that cannot be: the request is sent again, and so the next server has its turn. */
static void an_ack_without_a_usable_address_is_none(void **state)
{
	static const uint32_t no_hosts[] = { 0, 0x7f000001, 0xe0000001, IP_BROADCAST };

	(void)state;
	start();
	pair(OUR_IP, SERVER, NULL, NULL, 0);
	assert_int_equal(tx(3 * S), DHCP_REQUEST);
	for (unsigned i = 0; i < COUNT_OF(no_hosts); i++) {
		reply(DHCP_ACK, no_hosts[i], SERVER);
		deliver(3 * S);
		assert_int_equal(d.ignored, i + 1);
		assert_int_equal(d.state, DHCP_REQUESTING);
	}
}

/* Each state and each kind of answer that is not its own: counted, and nothing else happens. */
static void what_nobody_waits_for_is_ignored(void **state)
{
	static const enum dhcp_type types[] = {
		DHCP_BOOTP, DHCP_DISCOVER, DHCP_OFFER, DHCP_REQUEST, DHCP_DECLINE, DHCP_ACK, DHCP_NAK, DHCP_RELEASE,
		DHCP_INFORM, (enum dhcp_type)9, (enum dhcp_type)255,
	};
	static const enum dhcp_state states[] = { DHCP_HOLDING, DHCP_PAUSING, DHCP_ENDED };

	(void)state;
	for (size_t s = 0; s < COUNT_OF(states); s++)
		for (size_t i = 0; i < COUNT_OF(types); i++) {
			usec due;

			start();
			bind_with_file(0);
			if (states[s] == DHCP_PAUSING) {
				dhcp_decline(&d, 0);
				assert_int_equal(tx(0), DHCP_DECLINE);
			} else if (states[s] == DHCP_ENDED) {
				dhcp_release(&d, 0);
				assert_int_equal(tx(0), DHCP_RELEASE);
			}
			assert_int_equal(d.state, states[s]);
			due = dhcp_wake_at(&d);
			reply(types[i], types[i] == DHCP_NAK ? 0 : OUR_IP, SERVER);
			deliver(0);
			assert_int_equal(d.ignored, 1);
			assert_int_equal(d.state, states[s]);
			assert_true(dhcp_wake_at(&d) == due);
		}
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
		cmocka_unit_test(a_conflict_declines_and_waits),
		cmocka_unit_test(a_release_gives_the_lease_back),
		cmocka_unit_test(a_start_can_be_spread),
		cmocka_unit_test(a_request_says_the_secs_of_its_discover),
		cmocka_unit_test(an_offer_completes_a_short_ack),
		cmocka_unit_test(an_ack_without_a_usable_address_is_none),
		cmocka_unit_test(what_nobody_waits_for_is_ignored),
		cmocka_unit_test(what_is_not_for_us_is_counted),
		cmocka_unit_test(no_flipped_bit_breaks_the_client),
	};

	return cmocka_run_group_tests_name("dhcp", tests, NULL, NULL);
}
