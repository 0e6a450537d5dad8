/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The DHCP client against a scripted network, with a clock we move by hand. */
#include "lib/test.h"
#include "netstack/dhcp.h"
#include "netstack/wire/dhcp_fake.h"

static const struct dhcp_identity who = { .mac = { 2, 0, 0, 0, 0, 1 }, .undi_major = 2, .undi_minor = 1 };

enum { OUR_IP = 0xc0a8012a, SERVER = 0xc0a80101, OTHER = 0xc0a80102, PROXY = 0xc0a80103, ROUTER = 0xc0a801fe };
enum { LEASE_S = 600 };

static struct dhcp d;
static struct fake_reply r;
static uint8_t sent[DHCP_SIZE_MAX];
static size_t sent_len;
static struct flow flow;
static const usec S = USEC_PER_S;

/* What is sent now: its option 53, or 0 for nothing. Option 53 always stands first. */
static unsigned tx(usec now)
{
	struct wr w = wr_over(sent, sizeof sent);

	if (!dhcp_tx(&d, now, &w, &flow))
		return 0;
	assert_true(wr_ok(&w));
	sent_len = wr_used(&w, sent);
	assert_int_equal(flow.src_port, 68);
	assert_int_equal(flow.dst_port, 67);
	return sent[FAKE_OPTIONS_AT + 2];
}

/* An address option of what was sent last, or 0. */
static uint32_t sent_ip(enum dhcp_option code)
{
	struct rd r_ = rd_over(sent, sent_len);

	rd_skip(&r_, FAKE_OPTIONS_AT);
	while (rd_left(&r_)) {
		uint8_t found = rd_u8(&r_);
		struct rd value = rd_sub(&r_, rd_u8(&r_));

		if (found == code)
			return rd_be32(&value);
		if (found == OPT_END)
			break;
	}
	return 0;
}

static uint32_t sent_field(size_t at)
{
	struct rd f = rd_over(sent + at, 4);

	return rd_be32(&f);
}

/* A reply to us; the caller adds options and calls deliver(). */
static void reply(enum dhcp_type type, uint32_t ip, uint32_t server)
{
	fake_reply(&r, type, d.xid, who.mac, ip);
	if (type != DHCP_BOOTP)
		fake_ip(&r, OPT_SERVER_ID, server);
	if (ip) {
		fake_ip(&r, OPT_NETMASK, 0xffffff00);
		fake_ip(&r, OPT_ROUTER, ROUTER);
	}
	if (ip && type != DHCP_BOOTP)
		fake_ip(&r, OPT_LEASE_TIME, LEASE_S);
}

static void deliver(usec now)
{
	struct datagram in = { .src_ip = SERVER, .src_port = 67, .dst_port = 68 };
	uint8_t *copy;

	fake_end(&r);
	copy = exact_copy(r.bytes, r.len);
	in.payload = rd_over(copy, r.len);
	dhcp_rx(&d, now, &in);
	free(copy);
}

static void start(void)
{
	dhcp_init(&d, &who, NULL, 0, 1);
	assert_int_equal(tx(0), DHCP_DISCOVER);
	assert_int_equal(tx(0), 0);
}

static void bind_with_file(usec now)
{
	reply(DHCP_OFFER, OUR_IP, SERVER);
	fake_text(&r, OPT_BOOT_FILE, "rill.kpxe");
	deliver(now);
	assert_int_equal(tx(now), DHCP_REQUEST);
	reply(DHCP_ACK, OUR_IP, SERVER);
	fake_text(&r, OPT_BOOT_FILE, "rill.kpxe");
	deliver(now);
	assert_int_equal(dhcp_status(&d), DHCP_BOUND);
}

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

static void proxy_offer(usec now, bool has_file)
{
	reply(DHCP_OFFER, 0, PROXY);
	fake_text(&r, OPT_CLASS, "PXEClient");
	fake_option(&r, OPT_VENDOR, "\x06\x01\x08\xff", 4);
	fake_field(&r, FAKE_SIADDR_AT, PROXY);
	if (has_file)
		memcpy(r.bytes + FAKE_FILE_AT, "boot/rill.kpxe", 14);
	deliver(now);
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

static void pair(uint32_t ip, uint32_t server, const char *class, const char *vendor, size_t vendor_len)
{
	reply(DHCP_OFFER, ip, server);
	if (class)
		fake_text(&r, OPT_CLASS, class);
	if (vendor)
		fake_option(&r, OPT_VENDOR, vendor, vendor_len);
	deliver(S);
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

static void routes_follow_rfc_3442(void **state)
{
	static const uint8_t classless[] = {
		0, 192, 168, 1, 9,  8, 10, 192, 168, 1, 8,  24, 10, 1, 2, 0, 0, 0, 0,  0, 192, 168, 1, 7,  33, 1, 2, 3, 4, 5, 6 };
	static const uint8_t classic[] = { 10, 0, 0, 1, 192, 168, 1, 8, 0, 0, 0, 0, 1, 1, 1, 1, 9, 9 };
	const struct net_address *a = &d.incoming.lease.address;

	(void)state;
	start();
	reply(DHCP_OFFER, OUR_IP, SERVER);
	fake_option(&r, OPT_STATIC_ROUTES, classic, sizeof classic);
	deliver(0);
	assert_int_equal(a->route_count, 2);
	assert_int_equal(a->routes[0].dst, 0x0a000001);
	assert_int_equal(a->routes[0].mask, UINT32_MAX);
	assert_int_equal(a->routes[1].via, ROUTER);
	reply(DHCP_OFFER, OUR_IP, SERVER);
	fake_option(&r, OPT_STATIC_ROUTES, classic, sizeof classic);
	fake_option(&r, OPT_ROUTES, classless, sizeof classless);
	deliver(0);
	assert_int_equal(a->route_count, 3);                    /* option 3 and 33 do not count then */
	assert_int_equal(a->routes[0].dst, 0x0a010200);
	assert_int_equal(a->routes[0].mask, 0xffffff00);
	assert_int_equal(a->routes[0].via, 0);
	assert_int_equal(a->routes[1].dst, 0x0a000000);
	assert_int_equal(a->routes[2].mask, 0);
	assert_int_equal(a->routes[2].via, 0xc0a80109);
	assert_int_equal(d.incoming.lease.router, 0xc0a80109);

	fake_reply(&r, DHCP_OFFER, d.xid, who.mac, OUR_IP);
	fake_field(&r, FAKE_GIADDR_AT, 0xc0a80163);
	deliver(0);
	assert_int_equal(a->mask, 0xffffff00);                  /* of its class */
	assert_int_equal(d.incoming.lease.router, 0xc0a80163);  /* the relay, for want of a router */
}

static void too_many_routes_keep_the_default(void **state)
{
	uint8_t classic[NET_ROUTES_MAX * 2 * 8];
	struct wr w = wr_over(classic, sizeof classic);
	const struct net_address *a = &d.incoming.lease.address;

	(void)state;
	for (uint32_t i = 1; i <= NET_ROUTES_MAX * 2; i++) {
		wr_be32(&w, 0x0a000000 + i);
		wr_be32(&w, OTHER);
	}
	start();
	reply(DHCP_OFFER, OUR_IP, SERVER);
	fake_option(&r, OPT_STATIC_ROUTES, classic, sizeof classic);
	deliver(0);
	assert_int_equal(a->route_count, NET_ROUTES_MAX);
	assert_int_equal(a->routes[NET_ROUTES_MAX - 1].via, ROUTER);
	assert_int_equal(a->routes[NET_ROUTES_MAX - 1].mask, 0);
}

static void texts_end_and_servers_are_found(void **state)
{
	static char longer[255];
	const struct dhcp_lease *l = &d.incoming.lease;

	(void)state;
	memset(longer, 'x', sizeof longer);
	start();
	reply(DHCP_OFFER, OUR_IP, SERVER);
	fake_option(&r, OPT_HOST_NAME, longer, sizeof longer);
	fake_option(&r, OPT_BOOT_FILE, longer, sizeof longer);
	fake_option(&r, OPT_BOOT_FILE, longer, sizeof longer);
	fake_text(&r, OPT_SERVER_NAME, "10.0.0.7");
	fake_option(&r, OPT_DNS, "\x08\x08\x08\x08\x01\x01\x01\x01\x02", 9);
	deliver(0);
	assert_int_equal(strlen(l->host_name), sizeof l->host_name - 1);
	assert_int_equal(strlen(l->boot_file), sizeof l->boot_file - 1);
	assert_int_equal(l->next_server, 0x0a000007);
	assert_int_equal(l->dns[1], 0x01010101);
	assert_int_equal(l->dns[2], 0);
	start();
	reply(DHCP_OFFER, OUR_IP, SERVER);
	fake_text(&r, OPT_SERVER_NAME, "a.name");
	memcpy(r.bytes + FAKE_SNAME_AT, "10.0.0.8", 8);
	memset(r.bytes + FAKE_FILE_AT, 'f', 128);               /* no NUL in all the field */
	deliver(0);
	assert_int_equal(l->next_server, 0x0a000008);
	assert_string_equal(l->server_name, "a.name");
	assert_int_equal(strlen(l->boot_file), 128);
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
			assert_in_range(turns, 0, 80);      /* a lease of 136 years is halved often */
			tx(dhcp_wake_at(&d));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_offer_with_boot_data_is_taken_at_once),
		cmocka_unit_test(discovers_at_4_8_16_and_32_seconds),
		cmocka_unit_test(an_address_alone_waits_two_seconds_for_a_proxy),
		cmocka_unit_test(a_proxy_adds_what_to_boot),
		cmocka_unit_test(proxies_alone_are_e52),
		cmocka_unit_test(offers_are_ranked),
		cmocka_unit_test(a_seventeenth_server_is_one_too_many),
		cmocka_unit_test(bootp_is_taken_when_nothing_better_comes),
		cmocka_unit_test(an_unanswered_request_turns_to_the_next_offer),
		cmocka_unit_test(a_nak_starts_over_three_times),
		cmocka_unit_test(renews_at_t1_and_rebinds_at_t2),
		cmocka_unit_test(a_lease_is_lost_when_it_ends_or_is_taken_back),
		cmocka_unit_test(short_leases_do_not_become_a_flood),
		cmocka_unit_test(a_conflict_declines_and_waits),
		cmocka_unit_test(a_release_gives_the_lease_back),
		cmocka_unit_test(what_is_not_for_us_is_counted),
		cmocka_unit_test(routes_follow_rfc_3442),
		cmocka_unit_test(too_many_routes_keep_the_default),
		cmocka_unit_test(texts_end_and_servers_are_found),
		cmocka_unit_test(no_flipped_bit_breaks_the_client),
	};

	return cmocka_run_group_tests_name("dhcp", tests, NULL, NULL);
}
