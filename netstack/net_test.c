/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/net.h"
#include "netstack/nic_fake.h"
#include "netstack/wire/arp.h"
#include "netstack/wire/checksum.h"
#include "netstack/wire/eth.h"
#include "netstack/wire/icmp.h"
#include "netstack/wire/udp.h"

static const uint8_t our_mac[6] = { 0x52, 0x54, 0, 0, 0, 1 }, peer_mac[6] = { 0x52, 0x54, 0, 0, 0, 2 };
static const uint8_t router_mac[6] = { 0x52, 0x54, 0, 0, 0, 3 }, thief_mac[6] = { 0x52, 0x54, 0, 0, 0, 4 };

enum { OUR_IP = 0x0a000005, PEER_IP = 0x0a000009 };
enum { ROUTER_IP = 0x0a000001, NEAR_BROADCAST = 0x0a0000ff, FAR_IP = 0x08080808 };
enum { OUR_PORT = 6901, PEER_PORT = 6910 };

static struct nic_fake card;
static struct net net;
static struct datagram d;

static void setup_bare(void)
{
	fake_init(&card, our_mac);
	net_init(&net, &card.nic, NULL);
	assert_true(net_open_port(&net, OUR_PORT));
}

static void setup(void)
{
	struct net_address a = {
		.ip = OUR_IP, .mask = 0xffffff00, .route_count = 1, .routes = { { 0, 0, ROUTER_IP } },
	};

	setup_bare();
	net_configure(&net, &a);
}

static void receive_arp(uint16_t op, const uint8_t mac[6], uint32_t sender, uint32_t target)
{
	struct fake_frame *f = fake_next_in(&card);
	struct wr w = wr_over(f->bytes, sizeof f->bytes);
	struct eth_head eth = { .type = ETH_ARP };
	struct arp_packet a = { .op = op, .sender_ip = sender, .target_ip = target };

	memcpy(eth.dst, op == ARP_REQUEST ? eth_broadcast : our_mac, 6);
	memcpy(eth.src, mac, 6);
	memcpy(a.sender_mac, mac, 6);
	eth_emit(&w, &eth);
	arp_emit(&w, &a);
	f->len = FRAME_MIN;             /* with padding, as on a wire */
}

/* A UDP datagram from peer_mac; the caller may spoil the frame afterwards. */
static struct fake_frame *receive_udp(const uint8_t dst_mac[6], uint32_t src, uint32_t dst, uint16_t port,
                                      const char *text)
{
	struct fake_frame *f = fake_next_in(&card);
	struct wr w = wr_over(f->bytes, sizeof f->bytes);
	struct eth_head eth = { .type = ETH_IPV4 };
	struct ipv4_head ip = { .src = src, .dst = dst, .protocol = IPV4_UDP, .ttl = 9 };
	struct udp_head udp = { PEER_PORT, port };
	struct rd payload = rd_over(text, strlen(text));

	memcpy(eth.dst, dst_mac, 6);
	memcpy(eth.src, peer_mac, 6);
	eth_emit(&w, &eth);
	ipv4_emit(&w, &ip, UDP_HEAD + strlen(text));
	udp_emit(&w, &udp, &ip, payload);
	wr_rest(&w, payload);
	f->len = wr_used(&w, f->bytes) < FRAME_MIN ? FRAME_MIN : wr_used(&w, f->bytes);
	return f;
}

static bool poll_text(usec now, const char *text)
{
	return net_poll(&net, now, &d) && rd_left(&d.payload) == strlen(text) && rd_is(&d.payload, text, strlen(text));
}

static enum net_sent send_text(usec now, uint32_t to, const char *text)
{
	struct flow flow = { .dst_ip = to, .src_port = OUR_PORT, .dst_port = PEER_PORT };
	struct wr w = net_payload(&net);

	wr_bytes(&w, text, strlen(text));
	return net_send(&net, now, &flow, strlen(text));
}

static const struct fake_frame *last_sent(void) { return &card.out[(card.out_count - 1) % FAKE_FRAMES]; }

static struct eth_head last_eth(struct rd *rest)
{
	struct eth_head eth;

	*rest = rd_over(last_sent()->bytes, last_sent()->len);
	assert_true(eth_parse(rest, &eth));
	return eth;
}

static struct arp_packet last_arp(void)
{
	struct rd rest;
	struct arp_packet a;

	assert_int_equal(last_eth(&rest).type, ETH_ARP);
	assert_true(arp_parse(rest, &a));
	return a;
}

/* The last frame sent must be good IPv4 from us with "don't fragment"; what is left is its payload. */
static struct ipv4_head last_ip(struct rd *rest, const uint8_t to[6])
{
	struct eth_head eth = last_eth(rest);
	struct ipv4_head ip;

	assert_memory_equal(eth.dst, to, 6);
	assert_memory_equal(eth.src, our_mac, 6);
	assert_int_equal(last_sent()->bytes[FRAME_HEAD + 6], 0x40);
	assert_int_equal(ipv4_parse(rest, &ip), IPV4_FINE);
	assert_int_equal(ip.ttl, 64);
	return ip;
}

static void a_datagram_arrives(void **state)
{
	(void)state;
	setup();
	receive_udp(our_mac, PEER_IP, OUR_IP, OUR_PORT, "hello");
	receive_udp(eth_broadcast, PEER_IP, NEAR_BROADCAST, OUR_PORT, "all of you");
	assert_true(poll_text(0, "hello"));
	assert_int_equal(d.src_ip, PEER_IP);
	assert_int_equal(d.src_port, PEER_PORT);
	assert_int_equal(d.dst_port, OUR_PORT);
	assert_true(poll_text(0, "all of you"));
	assert_false(net_poll(&net, 0, &d));
	assert_int_equal(net.dropped.frames, 2);
	assert_int_equal(net.dropped.datagrams, 2);
}

static void without_an_address_any_to_our_mac_is_heard(void **state)
{
	(void)state;
	setup_bare();
	receive_udp(our_mac, PEER_IP, OUR_IP, OUR_PORT, "unicast, before ARP");
	receive_udp(thief_mac, PEER_IP, OUR_IP, OUR_PORT, "not ours");
	assert_true(poll_text(0, "unicast, before ARP"));
	assert_false(net_poll(&net, 0, &d));
	assert_int_equal(net.dropped.foreign_mac, 1);
	assert_int_equal(send_text(0, PEER_IP, "x"), NET_UNREACHABLE);
	assert_int_equal(send_text(0, IP_BROADCAST, "x"), NET_SENT);
	assert_int_equal(card.out_count, 1);
}

static void drops_are_counted_by_their_reason(void **state)
{
	struct fake_frame *f;

	(void)state;
	setup();
	receive_udp(our_mac, PEER_IP, OUR_IP, OUR_PORT, "x")->len = 10;
	receive_udp(our_mac, PEER_IP, OUR_IP, OUR_PORT, "x")->bytes[12] = 0x86;
	receive_udp(our_mac, PEER_IP, OUR_IP, OUR_PORT, "x")->bytes[14] = 0x65;
	receive_udp(our_mac, PEER_IP, OUR_IP, OUR_PORT, "x")->bytes[24]++;
	receive_udp(our_mac, PEER_IP, OUR_IP + 1, OUR_PORT, "x");
	receive_udp(our_mac, NEAR_BROADCAST, OUR_IP, OUR_PORT, "x");    /* an answer would go to everybody */
	receive_udp(our_mac, 0xe0000001, OUR_IP, OUR_PORT + 1, "x");
	receive_udp(our_mac, OUR_IP, OUR_IP, OUR_PORT, "x");
	receive_udp(our_mac, PEER_IP, OUR_IP, OUR_PORT, "x")->bytes[42]++;
	receive_udp(our_mac, PEER_IP, OUR_IP, OUR_PORT, "x")->bytes[38] = 0xff;
	receive_udp(our_mac, PEER_IP, OUR_IP, OUR_PORT + 1, "x");
	f = receive_udp(our_mac, PEER_IP, OUR_IP, OUR_PORT, "x");
	f->bytes[20] = 0x20;            /* more fragments; DF, 0x40, off: 0x2000 less in the checksum */
	f->bytes[24] = (uint8_t)(f->bytes[24] + 0x20);
	memcpy(receive_udp(our_mac, PEER_IP, OUR_IP, OUR_PORT, "x")->bytes + 6, our_mac, 6);
	f = receive_udp(our_mac, PEER_IP, OUR_IP, OUR_PORT, "x");
	f->bytes[23] = 6;               /* TCP: 11 less than UDP */
	f->bytes[25] = (uint8_t)(f->bytes[25] + 11);
	assert_false(net_poll(&net, 0, &d));
	assert_int_equal(net.dropped.short_frame, 1);
	assert_int_equal(net.dropped.foreign_ethertype, 1);
	assert_int_equal(net.dropped.ip_malformed, 1);
	assert_int_equal(net.dropped.ip_checksum, 1);
	assert_int_equal(net.dropped.ip_foreign, 4);
	assert_int_equal(net.dropped.udp_checksum, 1);
	assert_int_equal(net.dropped.udp_malformed, 1);
	assert_int_equal(net.dropped.udp_closed, 1);
	assert_int_equal(net.dropped.ip_fragment, 1);
	assert_int_equal(net.dropped.foreign_mac, 1);
	assert_int_equal(net.dropped.ip_protocol, 1);
	assert_int_equal(net.dropped.datagrams, 0);
}

static void a_turn_is_bounded(void **state)
{
	(void)state;
	setup();
	for (int i = 0; i < 40; i++)
		receive_udp(thief_mac, PEER_IP, OUR_IP, OUR_PORT, "x");
	receive_udp(our_mac, PEER_IP, OUR_IP, OUR_PORT, "at last");
	assert_false(net_poll(&net, 0, &d));
	assert_int_equal(net.dropped.frames, NET_FRAMES_PER_POLL);
	assert_true(poll_text(0, "at last"));
	assert_false(net_poll(&net, 0, &d));
}

static void the_first_datagram_waits_for_arp(void **state)
{
	struct rd rest;
	struct ipv4_head ip;
	struct udp_head udp;

	(void)state;
	setup();
	assert_int_equal(send_text(1000, PEER_IP, "question"), NET_RESOLVING);
	assert_int_equal(last_arp().target_ip, PEER_IP);
	assert_int_equal(last_arp().sender_ip, OUR_IP);
	receive_arp(ARP_REQUEST, router_mac, ROUTER_IP, OUR_IP);        /* who asks meanwhile is answered */
	receive_arp(ARP_REPLY, peer_mac, PEER_IP, OUR_IP);
	assert_false(net_poll(&net, 2000, &d));
	assert_int_equal(last_arp().op, ARP_REPLY);
	assert_int_equal(last_arp().target_ip, ROUTER_IP);

	/* The payload is still there: the same call again sends it. */
	struct flow flow = { .dst_ip = PEER_IP, .src_port = OUR_PORT, .dst_port = PEER_PORT };
	assert_int_equal(net_send(&net, 2000, &flow, 8), NET_SENT);
	ip = last_ip(&rest, peer_mac);
	assert_int_equal(ip.src, OUR_IP);
	assert_int_equal(udp_parse(&rest, &ip, &udp), UDP_FINE);
	assert_true(rd_is(&rest, "question", 8));
	assert_true(rd_done(&rest));

	/* Who asked for us was learned: no question of our own. */
	assert_int_equal(send_text(2000, FAR_IP, "x"), NET_SENT);
	assert_int_equal(last_ip(&rest, router_mac).dst, FAR_IP);
}

static void arp_asks_four_times_and_gives_up(void **state)
{
	static const usec asked_at[] = { 0, 250000, 750000, 1750000 };

	(void)state;
	setup();
	assert_int_equal(net_wake_at(&net), NEVER);
	assert_int_equal(send_text(0, PEER_IP, "x"), NET_RESOLVING);
	for (size_t i = 1; i < COUNT_OF(asked_at); i++) {
		assert_int_equal(net_wake_at(&net), asked_at[i]);
		net_poll(&net, asked_at[i] - 1, &d);
		assert_int_equal(card.out_count, i);
		net_poll(&net, asked_at[i], &d);
		assert_int_equal(card.out_count, i + 1);
		assert_int_equal(send_text(asked_at[i], PEER_IP, "x"), NET_RESOLVING);
	}
	net_poll(&net, 2750000, &d);
	assert_int_equal(card.out_count, 4);
	assert_int_equal(net.dropped.arp_gave_up, 1);
	assert_int_equal(send_text(2750000, PEER_IP, "x"), NET_UNREACHABLE);
	assert_int_equal(send_text(3750000, PEER_IP, "x"), NET_RESOLVING);       /* and anew */
	assert_int_equal(card.out_count, 5);
}

static void an_old_answer_is_checked_while_in_use(void **state)
{
	struct rd rest;

	(void)state;
	setup();
	receive_arp(ARP_REQUEST, peer_mac, PEER_IP, OUR_IP);
	net_poll(&net, 0, &d);
	assert_int_equal(send_text(59 * USEC_PER_S, PEER_IP, "x"), NET_SENT);
	assert_int_equal(card.out_count, 2);
	assert_int_equal(send_text(60 * USEC_PER_S, PEER_IP, "x"), NET_SENT);
	assert_int_equal(card.out_count, 4);                    /* the question and the datagram */
	receive_arp(ARP_REPLY, thief_mac, PEER_IP, OUR_IP);     /* the address has moved */
	net_poll(&net, 61 * USEC_PER_S, &d);
	assert_int_equal(send_text(61 * USEC_PER_S, PEER_IP, "x"), NET_SENT);
	assert_int_equal(last_ip(&rest, thief_mac).dst, PEER_IP);
	assert_int_equal(net_wake_at(&net), NEVER);
	assert_int_equal(send_text(121 * USEC_PER_S, PEER_IP, "x"), NET_SENT);
	for (usec t = 121; t < 130; t++)
		net_poll(&net, t * USEC_PER_S, &d);
	assert_int_equal(send_text(125 * USEC_PER_S, PEER_IP, "x"), NET_UNREACHABLE);
}

static void the_cache_holds_eight_and_forgets_the_oldest(void **state)
{
	(void)state;
	setup();
	for (uint32_t i = 0; i <= ARP_ENTRIES; i++) {
		receive_arp(ARP_REQUEST, peer_mac, PEER_IP + i, OUR_IP);
		net_poll(&net, 1000 + i, &d);
	}
	assert_int_equal(send_text(2000, PEER_IP + ARP_ENTRIES, "x"), NET_SENT);
	assert_int_equal(send_text(2000, PEER_IP + 1, "x"), NET_SENT);
	assert_int_equal(send_text(2000, PEER_IP, "x"), NET_RESOLVING);
}

static void unasked_replies_teach_nothing(void **state)
{
	(void)state;
	setup();
	receive_arp(ARP_REPLY, thief_mac, PEER_IP, OUR_IP);
	receive_arp(ARP_REQUEST, thief_mac, PEER_IP, PEER_IP);          /* gratuitous */
	net_poll(&net, 0, &d);
	assert_int_equal(card.out_count, 0);
	assert_int_equal(send_text(0, PEER_IP, "x"), NET_RESOLVING);
}

static void a_probe_finds_who_has_the_address(void **state)
{
	(void)state;
	setup_bare();
	net_probe(&net, 0, OUR_IP);
	assert_int_equal(last_arp().sender_ip, 0);
	assert_int_equal(last_arp().target_ip, OUR_IP);
	receive_arp(ARP_REPLY, peer_mac, PEER_IP, OUR_IP);
	net_poll(&net, 0, &d);
	assert_false(net.address_conflict);
	receive_arp(ARP_REPLY, thief_mac, OUR_IP, 0);
	net_poll(&net, 0, &d);
	assert_true(net.address_conflict);
	assert_memory_equal(net.conflict_mac, thief_mac, 6);
	net_probe(&net, 0, OUR_IP + 1);
	assert_false(net.address_conflict);
	receive_arp(ARP_REQUEST, thief_mac, 0, OUR_IP + 1);             /* probing for the same */
	net_poll(&net, 0, &d);
	assert_true(net.address_conflict);
}

static void our_address_is_defended(void **state)
{
	(void)state;
	setup();
	net_announce(&net, 0);
	assert_int_equal(last_arp().sender_ip, OUR_IP);
	assert_int_equal(last_arp().target_ip, OUR_IP);
	for (usec t = 1; t <= 12; t++) {
		receive_arp(ARP_REQUEST, thief_mac, OUR_IP, OUR_IP);
		net_poll(&net, t * USEC_PER_S, &d);
	}
	assert_true(net.address_conflict);
	assert_int_equal(card.out_count, 1 + 2);        /* at 1 s and 11 s */
	receive_arp(ARP_REQUEST, thief_mac, 0, OUR_IP); /* a probe is a question and gets its answer */
	net_poll(&net, 13 * USEC_PER_S, &d);
	assert_int_equal(last_arp().op, ARP_REPLY);
}

static void receive_icmp(uint32_t dst, const struct icmp_message *m)
{
	struct fake_frame *f = fake_next_in(&card);
	struct wr w = wr_over(f->bytes, sizeof f->bytes);
	struct eth_head eth = { .type = ETH_IPV4 };
	struct ipv4_head ip = { .src = PEER_IP, .dst = dst, .protocol = IPV4_ICMP, .ttl = 9 };

	memcpy(eth.dst, dst == OUR_IP ? our_mac : eth_broadcast, 6);
	memcpy(eth.src, peer_mac, 6);
	eth_emit(&w, &eth);
	ipv4_emit(&w, &ip, ICMP_HEAD + rd_left(&m->body));
	icmp_emit(&w, m);
	f->len = wr_used(&w, f->bytes);
}

static void a_ping_is_answered(void **state)
{
	struct icmp_message m = { .type = ICMP_ECHO_REQUEST, .rest = 0x12340001, .body = rd_over("abcdefg", 7) };
	struct rd rest;

	(void)state;
	setup();
	receive_arp(ARP_REQUEST, peer_mac, PEER_IP, OUR_IP);
	receive_icmp(OUR_IP, &m);
	assert_false(net_poll(&net, 0, &d));
	assert_int_equal(last_ip(&rest, peer_mac).protocol, IPV4_ICMP);
	assert_int_equal(icmp_parse(rest, &m), ICMP_FINE);
	assert_int_equal(m.type, ICMP_ECHO_REPLY);
	assert_int_equal(m.rest, 0x12340001);
	assert_int_equal(rd_left(&m.body), 7);
	assert_true(rd_is(&m.body, "abcdefg", 7));
	m = (struct icmp_message){ .type = ICMP_ECHO_REQUEST, .body = rd_over("abcdefg", 7) };
	receive_icmp(NEAR_BROADCAST, &m);
	receive_icmp(OUR_IP, &m);
	card.in[(card.in_count - 1) % FAKE_FRAMES].bytes[45]++;
	assert_false(net_poll(&net, 0, &d));
	assert_int_equal(card.out_count, 2);
	assert_int_equal(net.dropped.icmp_checksum, 1);
}

static void a_closed_port_is_unreachable_but_not_often(void **state)
{
	struct icmp_message m;
	struct ipv4_head ip;
	struct rd rest;

	(void)state;
	setup();
	receive_arp(ARP_REQUEST, peer_mac, PEER_IP, OUR_IP);
	receive_udp(eth_broadcast, PEER_IP, IP_BROADCAST, 9, "never for a broadcast");
	net_poll(&net, 0, &d);
	assert_int_equal(card.out_count, 1);
	for (int i = 0; i < 5; i++)
		receive_udp(our_mac, PEER_IP, OUR_IP, 9, "closed");
	net_poll(&net, 0, &d);
	assert_int_equal(card.out_count, 2);
	last_ip(&rest, peer_mac);
	assert_int_equal(icmp_parse(rest, &m), ICMP_FINE);
	assert_int_equal(m.type, ICMP_UNREACHABLE);
	assert_int_equal(m.code, ICMP_PORT_UNREACHABLE);
	assert_int_equal(rd_left(&m.body), IPV4_HEAD + 8);
	assert_true(ipv4_parse_quoted(&m.body, &ip));
	assert_int_equal(ip.dst, OUR_IP);
}

static void an_unreachable_about_us_is_noted(void **state)
{
	struct icmp_message m = { .type = ICMP_UNREACHABLE, .code = ICMP_FRAGMENTATION_NEEDED, .rest = 1450 };

	(void)state;
	setup();
	receive_arp(ARP_REQUEST, peer_mac, PEER_IP, OUR_IP);
	net_poll(&net, 0, &d);
	assert_int_equal(send_text(0, PEER_IP, "big"), NET_SENT);
	m.body = rd_over(last_sent()->bytes + FRAME_HEAD, IPV4_HEAD + 3);       /* cut too short to tell */
	receive_icmp(OUR_IP, &m);
	net_poll(&net, 0, &d);
	assert_false(net.unreachable.seen);
	m.body = rd_over(last_sent()->bytes + FRAME_HEAD, IPV4_HEAD + 8);
	receive_icmp(OUR_IP, &m);
	net_poll(&net, 0, &d);
	assert_true(net.unreachable.seen);
	assert_int_equal(net.unreachable.from, PEER_IP);
	assert_int_equal(net.unreachable.quoted.dst_port, PEER_PORT);
	assert_int_equal(net.unreachable.code, ICMP_FRAGMENTATION_NEEDED);
	assert_int_equal(net.unreachable.mtu, 1450);
}

static void routes_are_tried_in_order(void **state)
{
	struct net_address a = {
		.ip = OUR_IP, .mask = 0xffffff00, .route_count = 2, .mtu = 1450,
		.routes = { { 0x0b000000, 0xff000000, 0 }, { 0, 0, ROUTER_IP } },
	};

	(void)state;
	setup_bare();
	net_configure(&net, &a);
	assert_int_equal(send_text(0, 0x0b010203, "x"), NET_RESOLVING);
	assert_int_equal(last_arp().target_ip, 0x0b010203);             /* on the link, says the route */
	assert_int_equal(send_text(0, FAR_IP, "x"), NET_RESOLVING);
	assert_int_equal(last_arp().target_ip, ROUTER_IP);
	a.route_count = 1;
	net_configure(&net, &a);
	assert_int_equal(send_text(0, FAR_IP, "x"), NET_UNREACHABLE);
	assert_int_equal(net_payload_max(&net), 1422);
	assert_int_equal(send_text(0, NEAR_BROADCAST, "x"), NET_SENT);
	card.busy = true;
	assert_int_equal(send_text(0, NEAR_BROADCAST, "x"), NET_BUSY);
	assert_int_equal(net.dropped.card_busy, 1);
}

static void ports_open_and_close(void **state)
{
	(void)state;
	setup();
	for (uint16_t port = 1; port <= 5; port++)
		assert_true(net_open_port(&net, port));
	assert_true(net_open_port(&net, 5));
	assert_false(net_open_port(&net, 6));
	net_close_port(&net, OUR_PORT);
	assert_true(net_open_port(&net, 6));
	assert_false(net_is_open(&net, OUR_PORT));
	receive_udp(our_mac, PEER_IP, OUR_IP, OUR_PORT, "x");
	assert_false(net_poll(&net, 0, &d));
	assert_int_equal(net.dropped.udp_closed, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_datagram_arrives),
		cmocka_unit_test(without_an_address_any_to_our_mac_is_heard),
		cmocka_unit_test(drops_are_counted_by_their_reason),
		cmocka_unit_test(a_turn_is_bounded),
		cmocka_unit_test(the_first_datagram_waits_for_arp),
		cmocka_unit_test(arp_asks_four_times_and_gives_up),
		cmocka_unit_test(an_old_answer_is_checked_while_in_use),
		cmocka_unit_test(the_cache_holds_eight_and_forgets_the_oldest),
		cmocka_unit_test(unasked_replies_teach_nothing),
		cmocka_unit_test(a_probe_finds_who_has_the_address),
		cmocka_unit_test(our_address_is_defended),
		cmocka_unit_test(a_ping_is_answered),
		cmocka_unit_test(a_closed_port_is_unreachable_but_not_often),
		cmocka_unit_test(an_unreachable_about_us_is_noted),
		cmocka_unit_test(routes_are_tried_in_order),
		cmocka_unit_test(ports_open_and_close),
	};
	int failed = cmocka_run_group_tests_name("net", tests, NULL, NULL);

	fake_take_back(&card);
	return failed;
}
