/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * Traces of real networks, frame by frame: client and stack together, a scripted server at the other end of the cable.
 * V4, V5: an offer without, and one with, what to boot. V8: a cloud whose agent answers before the client has an
 * address, with an MTU of 1450 and classless routes.
 */
#include "netstack/dhcp_script.h"
#include "netstack/nic_fake.h"
#include "netstack/wire/arp.h"
#include "netstack/wire/eth.h"
#include "netstack/wire/udp.h"

static const uint8_t server_mac[6] = { 0xfa, 0x16, 0x3e, 0xa4, 0x6f, 0x40 };

/* Seed 4's machine and its server. */
enum { CLOUD_IP = 0xac1000c1, CLOUD_DHCP = 0xac100002, CLOUD_ROUTER = 0xac100001, METADATA = 0xa9fea9fe };
static const struct dhcp_identity cloud = {
	.mac = { 0xfa, 0x16, 0x3e, 1, 0xc2, 0xa6 }, .undi_major = 2, .undi_minor = 1,
};

static struct nic_fake card;
static struct net net;
static size_t seen;                     /* frames of ours that have been looked at */
static struct { bool waiting; struct flow flow; size_t len; } unsent;

static void plug_in(const struct dhcp_identity *me)
{
	fake_init(&card, me->mac);
	net_init(&net, &card.nic, NULL);
	assert_true(net_open_port(&net, DHCP_CLIENT_PORT));
	dhcp_init(&d, me, NULL, 0, 7);
	seen = 0;
	unsent.waiting = false;
}

/* One turn of the pump, as an attachment does it. */
static void turn(usec now)
{
	struct datagram in;
	struct wr w;

	while (net_poll(&net, now, &in))
		dhcp_rx(&d, now, &in);
	w = net_payload(&net);
	if (!unsent.waiting && dhcp_tx(&d, now, &w, &unsent.flow)) {
		assert_true(wr_ok(&w));
		unsent.len = wr_used(&w, net_payload(&net).at);
		unsent.waiting = true;
	}
	if (unsent.waiting)
		unsent.waiting = net_send(&net, now, &unsent.flow, unsent.len) != NET_SENT;
}

/* The next frame of ours: its Ethernet header, and the rest. */
static struct rd next_frame(struct eth_head *eth)
{
	struct rd frame;

	assert_true(seen < card.out_count);
	frame = rd_over(card.out[seen % FAKE_FRAMES].bytes, card.out[seen % FAKE_FRAMES].len);
	seen++;
	assert_true(eth_parse(&frame, eth));
	assert_memory_equal(eth->src, card.nic.mac, 6);
	return frame;
}

static void expect_silence(void) { assert_int_equal(seen, card.out_count); }

/* The next frame of ours is this DHCP message between these addresses; it is in sent then. */
static void expect_dhcp(enum dhcp_type type, uint32_t src, uint32_t dst)
{
	struct eth_head eth;
	struct ipv4_head ip;
	struct udp_head udp;
	struct rd rest = next_frame(&eth);

	assert_int_equal(eth.type, ETH_IPV4);
	assert_memory_equal(eth.dst, dst == IP_BROADCAST ? eth_broadcast : server_mac, 6);
	assert_int_equal(ipv4_parse(&rest, &ip), IPV4_FINE);
	assert_int_equal(ip.src, src);
	assert_int_equal(ip.dst, dst);
	assert_int_equal(udp_parse(&rest, &ip, &udp), UDP_FINE);
	assert_int_equal(udp.src_port, 68);
	assert_int_equal(udp.dst_port, 67);
	sent_len = rd_left(&rest);
	assert_in_range(sent_len, DHCP_SIZE_MIN, 548);
	rd_bytes(&rest, sent, sent_len);
	assert_int_equal(sent[FAKE_OPTIONS_AT + 2], type);
}

/* Puts r on the cable: to this address, in a frame for us or for everybody. */
static void answer_from(uint32_t src, uint32_t dst)
{
	struct fake_frame *f = fake_next_in(&card);
	struct wr w = wr_over(f->bytes, sizeof f->bytes);
	struct eth_head eth = { .type = ETH_IPV4 };
	struct ipv4_head ip = { .src = src, .dst = dst, .protocol = IPV4_UDP, .ttl = 64 };
	struct udp_head udp = { DHCP_SERVER_PORT, DHCP_CLIENT_PORT };

	fake_end(&r);
	memcpy(eth.dst, dst == IP_BROADCAST ? eth_broadcast : card.nic.mac, 6);
	memcpy(eth.src, server_mac, 6);
	eth_emit(&w, &eth);
	ipv4_emit(&w, &ip, UDP_HEAD + r.len);
	udp_emit(&w, &udp, &ip, rd_over(r.bytes, r.len));
	wr_bytes(&w, r.bytes, r.len);
	assert_true(wr_ok(&w));
	f->len = wr_used(&w, f->bytes);
}

/* ---- seed 2 ---- */

/* What the trace's first server gives: an address, and nothing to boot. */
static void offer_of_v4(enum dhcp_type type)
{
	reply(type, OUR_IP, SERVER);
	fake_ip(&r, OPT_DNS, SERVER);
	fake_text(&r, OPT_DOMAIN, "example.org");
	fake_ip(&r, OPT_T1, LEASE_S / 2);
	fake_ip(&r, OPT_T2, LEASE_S / 8 * 7);
	answer_from(SERVER, IP_BROADCAST);
}

static void v4_an_offer_without_66_and_67_ends_in_a_lease_and_in_silence(void **state)
{
	static const uint8_t options[] = {
		OPT_NETMASK, OPT_ROUTER, OPT_DNS, OPT_DOMAIN, OPT_LEASE_TIME, OPT_TYPE, OPT_SERVER_ID, OPT_T1, OPT_T2,
	};
	unsigned seen_options = 0;

	(void)state;
	plug_in(&who);
	turn(0);
	expect_dhcp(DHCP_DISCOVER, 0, IP_BROADCAST);
	offer_of_v4(DHCP_OFFER);
	turn(S / 2);
	expect_silence();                               /* a proxy has its time */
	turn(5 * S / 2);
	expect_dhcp(DHCP_REQUEST, 0, IP_BROADCAST);
	assert_int_equal(sent_ip(OPT_SERVER_ID), SERVER);
	offer_of_v4(DHCP_ACK);
	turn(5 * S / 2);
	assert_int_equal(dhcp_status(&d), DHCP_BOUND);
	assert_string_equal(d.lease.boot_file, "");     /* what the plan says E53 by: */
	assert_int_equal(d.lease.server, SERVER);
	for (size_t i = 0; i < sizeof options; i++)
		assert_true(d.lease.options_seen[options[i] / 8] >> options[i] % 8 & 1);
	for (unsigned code = 0; code < 256; code++)
		seen_options += d.lease.options_seen[code / 8] >> code % 8 & 1;
	assert_int_equal(seen_options, sizeof options);
	for (usec now = 3 * S; now < 300 * S; now += S)
		turn(now);
	expect_silence();                               /* the trace's client asks for ever */
}

/* The next time, after E53, a proxy is there: it is used, also if it comes after the address. */
static void v4_a_proxy_that_appears_later_is_used(void **state)
{
	(void)state;
	plug_in(&who);
	turn(0);
	expect_dhcp(DHCP_DISCOVER, 0, IP_BROADCAST);
	offer_of_v4(DHCP_OFFER);
	turn(S);
	expect_silence();
	reply(DHCP_OFFER, 0, PROXY);
	fake_text(&r, OPT_CLASS, "PXEClient");
	fake_text(&r, OPT_BOOT_FILE, "rill.kpxe");
	answer_from(PROXY, IP_BROADCAST);
	turn(2 * S);
	expect_dhcp(DHCP_REQUEST, 0, IP_BROADCAST);
	assert_int_equal(sent_ip(OPT_SERVER_ID), SERVER);
	offer_of_v4(DHCP_ACK);
	turn(2 * S);
	assert_int_equal(dhcp_status(&d), DHCP_BOUND);
	assert_string_equal(d.lease.boot_file, "rill.kpxe");
	assert_int_equal(d.lease.next_server, PROXY);
}

static void offer_of_v5(enum dhcp_type type, uint32_t siaddr)
{
	reply(type, OUR_IP, SERVER);
	fake_text(&r, OPT_CLASS, "PXEClient");
	fake_text(&r, OPT_SERVER_NAME, "192.168.1.2");
	fake_text(&r, OPT_BOOT_FILE, "boot\\x86\\wdsnbp.com");
	fake_field(&r, FAKE_SIADDR_AT, siaddr);
	answer_from(SERVER, IP_BROADCAST);
}

/* Two exchanges and it is done; request and ACK say what DISCOVER and offer said. siaddr wins over 66. */
static void v5_an_offer_with_60_66_and_67_is_taken_at_once(void **state)
{
	static const uint32_t siaddrs[] = { 0, PROXY };
	uint8_t asked[32];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(siaddrs); i++) {
		const uint32_t siaddr = siaddrs[i];
		const uint8_t *list;

		plug_in(&who);
		turn(0);
		expect_dhcp(DHCP_DISCOVER, 0, IP_BROADCAST);
		list = memchr(sent + FAKE_OPTIONS_AT + 12, OPT_PARAMETERS, 4);
		assert_non_null(list);
		memcpy(asked, list, sizeof asked);
		assert_non_null(memchr(list + 2, OPT_SERVER_NAME, list[1]));
		assert_non_null(memchr(list + 2, OPT_BOOT_FILE, list[1]));
		offer_of_v5(DHCP_OFFER, siaddr);
		turn(1000);
		expect_dhcp(DHCP_REQUEST, 0, IP_BROADCAST);
		list = memchr(sent + FAKE_OPTIONS_AT + 24, OPT_PARAMETERS, 4);
		assert_non_null(list);
		assert_memory_equal(list, asked, sizeof asked);
		offer_of_v5(DHCP_ACK, siaddr);
		turn(2000);
		assert_int_equal(dhcp_status(&d), DHCP_BOUND);
		assert_true(d.lease.is_pxe);
		assert_string_equal(d.lease.boot_file, "boot\\x86\\wdsnbp.com");
		assert_int_equal(d.lease.next_server, siaddr ? siaddr : OTHER);
	}
}

/* ---- seed 4 ---- */

/* OpenStack's agent: to the address it gives, 363 bytes, routes both as RFC 3442 and as Microsoft number them. */
static void answer_of_v8(enum dhcp_type type)
{
	static const uint8_t routes[] = { 32, 169, 254, 169, 254, 172, 16, 0, 2, 0, 172, 16, 0, 1 };

	fake_reply(&r, type, d.xid, cloud.mac, CLOUD_IP);
	fake_ip(&r, OPT_SERVER_ID, CLOUD_DHCP);
	fake_ip(&r, OPT_LEASE_TIME, 86400);
	fake_ip(&r, OPT_T1, 43200);
	fake_ip(&r, OPT_T2, 75600);
	fake_ip(&r, OPT_NETMASK, 0xffffff00);
	fake_ip(&r, (enum dhcp_option)28, 0xac1000ff);
	fake_ip(&r, OPT_DNS, CLOUD_DHCP);
	fake_text(&r, OPT_DOMAIN, "openstacklocal");
	fake_text(&r, OPT_HOST_NAME, "host-172-16-0-193");
	fake_option(&r, OPT_ROUTES, routes, sizeof routes);
	fake_option(&r, (enum dhcp_option)249, routes, sizeof routes);
	fake_ip(&r, OPT_ROUTER, CLOUD_ROUTER);
	fake_option(&r, OPT_MTU, "\x05\xaa", 2);
	answer_from(CLOUD_DHCP, CLOUD_IP);
	assert_int_equal(r.len, 363);
}

/* Its server is asked for by ARP first, as anybody on the link. */
static void answer_arp(usec now)
{
	struct eth_head eth;
	struct rd rest = next_frame(&eth);
	struct fake_frame *f = fake_next_in(&card);
	struct wr w = wr_over(f->bytes, sizeof f->bytes);
	struct arp_packet a;

	assert_int_equal(eth.type, ETH_ARP);
	assert_true(arp_parse(rest, &a));
	assert_int_equal(a.op, ARP_REQUEST);
	assert_int_equal(a.target_ip, CLOUD_DHCP);
	eth = (struct eth_head){ .type = ETH_ARP };
	memcpy(eth.dst, card.nic.mac, 6);
	memcpy(eth.src, server_mac, 6);
	a = (struct arp_packet){ .op = ARP_REPLY, .sender_ip = CLOUD_DHCP, .target_ip = CLOUD_IP };
	memcpy(a.sender_mac, server_mac, 6);
	memcpy(a.target_mac, card.nic.mac, 6);
	eth_emit(&w, &eth);
	arp_emit(&w, &a);
	f->len = FRAME_MIN;
	turn(now);
}

static void boot_in_the_cloud(void)
{
	plug_in(&cloud);
	turn(0);
	expect_dhcp(DHCP_DISCOVER, 0, IP_BROADCAST);
	answer_of_v8(DHCP_OFFER);
	turn(S);
	turn(3 * S);
	expect_dhcp(DHCP_REQUEST, 0, IP_BROADCAST);
	answer_of_v8(DHCP_ACK);
	turn(3 * S);
	assert_int_equal(dhcp_status(&d), DHCP_BOUND);
	net_configure(&net, &d.lease.address);
}

static void v8_a_unicast_answer_before_there_is_an_address_is_heard(void **state)
{
	const struct net_address *a = &d.lease.address;

	(void)state;
	boot_in_the_cloud();
	assert_int_equal(net.dropped.ip_foreign, 0);
	assert_int_equal(a->ip, CLOUD_IP);
	assert_int_equal(a->mtu, 1450);
	assert_int_equal(net_payload_max(&net), 1450 - 28);
	assert_int_equal(a->route_count, 2);
	assert_int_equal(a->routes[0].dst, METADATA);
	assert_int_equal(a->routes[0].via, CLOUD_DHCP);
	assert_int_equal(d.lease.router, CLOUD_ROUTER);
	assert_int_equal(d.lease.t1_s, 43200);
	assert_string_equal(d.lease.host_name, "host-172-16-0-193");
}

static void v8_at_t1_the_lease_is_renewed_by_unicast(void **state)
{
	const usec t1 = 43203 * S;

	(void)state;
	boot_in_the_cloud();
	turn(t1 - 1);
	expect_silence();
	turn(t1);
	answer_arp(t1 + 1);
	turn(t1 + S);
	expect_dhcp(DHCP_REQUEST, CLOUD_IP, CLOUD_DHCP);
	assert_int_equal(sent_field(12), CLOUD_IP);
	answer_of_v8(DHCP_ACK);
	turn(t1 + S);
	assert_int_equal(d.lease.bound_at, t1);
	assert_int_equal(dhcp_wake_at(&d), t1 + 43200 * S);
	assert_int_equal(d.lease.address.mtu, 1450);
	assert_int_equal(d.lease.address.route_count, 2);
}

static void v8_a_nak_in_the_middle_ends_the_use_of_the_address(void **state)
{
	const usec t1 = 43203 * S;

	(void)state;
	boot_in_the_cloud();
	turn(t1);
	answer_arp(t1 + 1);
	turn(t1 + S);
	expect_dhcp(DHCP_REQUEST, CLOUD_IP, CLOUD_DHCP);
	fake_reply(&r, DHCP_NAK, d.xid, cloud.mac, 0);
	fake_ip(&r, OPT_SERVER_ID, CLOUD_DHCP);
	answer_from(CLOUD_DHCP, IP_BROADCAST);
	turn(t1 + S);
	assert_int_equal(dhcp_status(&d), DHCP_LOST);
	assert_int_equal(d.failure, DHCP_NAKED);
	turn(t1 + 100 * S);
	expect_silence();
}

/* ---- seed 3 has answers of 1066 bytes; option 57 promises to take 1472 ---- */

static void v6_the_longest_answer_is_read_to_its_end(void **state)
{
	static const uint8_t filler[200];

	(void)state;
	plug_in(&who);
	turn(0);
	expect_dhcp(DHCP_DISCOVER, 0, IP_BROADCAST);
	reply(DHCP_OFFER, OUR_IP, SERVER);
	while (r.len + 2 + sizeof filler < DHCP_SIZE_MAX - 40)
		fake_option(&r, (enum dhcp_option)224, filler, sizeof filler);
	fake_option(&r, (enum dhcp_option)224, filler, DHCP_SIZE_MAX - r.len - 2 - 11 - 1);
	fake_text(&r, OPT_BOOT_FILE, "rill.kpxe");
	answer_from(SERVER, IP_BROADCAST);
	assert_int_equal(r.len, DHCP_SIZE_MAX);
	turn(1000);
	expect_dhcp(DHCP_REQUEST, 0, IP_BROADCAST);
	assert_string_equal(d.offers[0].lease.boot_file, "rill.kpxe");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(v4_an_offer_without_66_and_67_ends_in_a_lease_and_in_silence),
		cmocka_unit_test(v4_a_proxy_that_appears_later_is_used),
		cmocka_unit_test(v5_an_offer_with_60_66_and_67_is_taken_at_once),
		cmocka_unit_test(v8_a_unicast_answer_before_there_is_an_address_is_heard),
		cmocka_unit_test(v8_at_t1_the_lease_is_renewed_by_unicast),
		cmocka_unit_test(v8_a_nak_in_the_middle_ends_the_use_of_the_address),
		cmocka_unit_test(v6_the_longest_answer_is_read_to_its_end),
	};

	return cmocka_run_group_tests_name("dhcp_seed", tests, NULL, NULL);
}
