/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Holes that other stacks had below UDP, by name: what a frame like theirs does here. */
#include "netstack/net.h"
#include "netstack/nic_fake.h"
#include "netstack/wire/arp.h"
#include "netstack/wire/checksum.h"
#include "netstack/wire/eth.h"
#include "netstack/wire/icmp.h"
#include "netstack/wire/ipv4.h"
#include "netstack/wire/udp.h"

static const uint8_t our_mac[6] = { 0x52, 0x54, 0, 0, 0, 1 }, router_mac[6] = { 0x52, 0x54, 0, 0, 0, 3 };

enum { OUR_IP = 0x0a000005, ROUTER_IP = 0x0a000001, THIEF_IP = 0x0a000066, FAR_IP = 0x08080808, OUR_PORT = 6901 };
enum { VERSION_AT = FRAME_HEAD, TOTAL_AT = FRAME_HEAD + 2, SUM_AT = FRAME_HEAD + 10 };

static struct nic_fake card;
static struct net net;
static struct datagram d;

static int fresh(void **state)
{
	struct net_address a = {
		.ip = OUR_IP, .mask = 0xffffff00, .route_count = 1, .routes = { { 0, 0, ROUTER_IP } },
	};

	(void)state;
	fake_init(&card, our_mac);
	net_init(&net, &card.nic, NULL);
	assert_true(net_open_port(&net, OUR_PORT));
	net_configure(&net, &a);
	return 0;
}

static struct wr begin(struct fake_frame **f, uint16_t type, const uint8_t dst[6])
{
	struct eth_head eth = { .type = type };
	struct wr w;

	*f = fake_next_in(&card);
	w = wr_over((*f)->bytes, sizeof (*f)->bytes);
	memcpy(eth.dst, dst, 6);
	memcpy(eth.src, router_mac, 6);
	eth_emit(&w, &eth);
	return w;
}

static void receive_arp(uint16_t op, uint32_t sender, uint32_t target, size_t cut)
{
	struct fake_frame *f;
	struct wr w = begin(&f, ETH_ARP, op == ARP_REQUEST ? eth_broadcast : our_mac);
	struct arp_packet a = { .op = op, .sender_ip = sender, .target_ip = target };

	memcpy(a.sender_mac, router_mac, 6);
	a.sender_mac[5] = (uint8_t)(sender & 0x7f);
	arp_emit(&w, &a);
	f->len = wr_used(&w, f->bytes) - cut;
}

static struct fake_frame *receive_udp(void)
{
	struct fake_frame *f;
	struct wr w = begin(&f, ETH_IPV4, our_mac);
	struct ipv4_head ip = { .src = ROUTER_IP, .dst = OUR_IP, .protocol = IPV4_UDP, .ttl = 9 };
	struct udp_head udp = { 67, OUR_PORT };

	ipv4_emit(&w, &ip, UDP_HEAD + 5);
	udp_emit(&w, &udp, &ip, rd_over("hello", 5));
	wr_bytes(&w, "hello", 5);
	f->len = wr_used(&w, f->bytes);
	return f;
}

/* The header's checksum is right again, so that what was changed is all that is wrong. */
static void mend(struct fake_frame *f)
{
	size_t head = (size_t)(f->bytes[VERSION_AT] & 15) * 4;
	uint16_t sum;

	f->bytes[SUM_AT] = f->bytes[SUM_AT + 1] = 0;
	sum = checksum_done(checksum_add(0, rd_over(f->bytes + FRAME_HEAD, min_size(head, f->len - FRAME_HEAD))));
	f->bytes[SUM_AT] = (uint8_t)(sum >> 8);
	f->bytes[SUM_AT + 1] = (uint8_t)sum;
}

static void nothing_came_of_it(void)
{
	assert_false(net_poll(&net, 0, &d));
	assert_int_equal(card.out_count, 0);
	assert_int_equal(net.dropped.datagrams, 0);
}

/* The header was said to be shorter than it can be, or longer than the packet: its end came before its beginning. */
static void cve_2019_14559_an_ip_header_of_every_length(void **state)
{
	(void)state;
	for (unsigned words = 0; words < 16; words++) {
		struct fake_frame *f;

		fresh(state);
		f = receive_udp();
		f->bytes[VERSION_AT] = (uint8_t)(0x40 | words);
		mend(f);
		if (words == 5) {
			assert_true(net_poll(&net, 0, &d));
			continue;
		}
		nothing_came_of_it();
		assert_int_equal(net.dropped.ip_malformed + net.dropped.udp_malformed + net.dropped.udp_checksum
		                 + net.dropped.udp_closed + net.dropped.ip_checksum, 1);
		if (words < 5)
			assert_int_equal(net.dropped.ip_malformed, 1);
	}
}

/* The total length was trusted, whatever had been received. */
static void cve_2019_14559_a_total_length_that_the_frame_has_not(void **state)
{
	(void)state;
	for (unsigned total = 0; total < 0x10000; total += total < 40 ? 1 : 997) {
		struct fake_frame *f;

		fresh(state);
		f = receive_udp();
		if (total == f->len - FRAME_HEAD)
			total++;
		f->bytes[TOTAL_AT] = (uint8_t)(total >> 8);
		f->bytes[TOTAL_AT + 1] = (uint8_t)total;
		mend(f);
		nothing_came_of_it();
		assert_int_equal(net.dropped.ip_malformed + net.dropped.udp_malformed, 1);
	}
}

static void cve_2019_14559_every_prefix_of_a_frame(void **state)
{
	(void)state;
	for (size_t cut = 1; cut <= UDP_HEAD + IPV4_HEAD + 5; cut++) {
		fresh(state);
		receive_udp()->len -= cut;
		nothing_came_of_it();
		assert_int_equal(net.dropped.ip_malformed, 1);
	}
}

/* ARP packets that were not wanted kept their buffers until there were none left. */
static void cve_2019_14559_a_flood_of_arp_takes_no_more_than_its_eight_places(void **state)
{
	struct flow flow = { .dst_ip = FAR_IP, .src_port = OUR_PORT, .dst_port = 69 };
	unsigned known = 0;

	(void)state;
	for (uint32_t i = 0; i < 5000; i++) {
		receive_arp(i & 1 ? ARP_REQUEST : ARP_REPLY, THIEF_IP + (i << 8), i & 2 ? OUR_IP : THIEF_IP,
		            i % 5 ? 0 : i % 28 + 1);
		assert_false(net_poll(&net, i, &d));
	}
	for (size_t i = 0; i < ARP_ENTRIES; i++)
		known += net.arp[i].known;
	assert_int_equal(known, ARP_ENTRIES);
	assert_true(net.dropped.arp_malformed > 900);
	assert_int_equal(net.dropped.frames, 5000);
	/* And the stack goes on: the router is asked for, and answers. */
	assert_int_equal(net_send(&net, 5000, &flow, 0), NET_RESOLVING);
	receive_arp(ARP_REPLY, ROUTER_IP, OUR_IP, 0);
	assert_false(net_poll(&net, 5001, &d));
	assert_int_equal(net_send(&net, 5002, &flow, 0), NET_SENT);
}

/* What a redirect quotes, from its own head to the end of that of the datagram it is about. */
static void receive_redirect(size_t bytes)
{
	uint8_t quoted[IPV4_HEAD + UDP_HEAD];
	struct wr q = wr_over(quoted, sizeof quoted);
	struct ipv4_head about = { .src = OUR_IP, .dst = FAR_IP, .protocol = IPV4_UDP, .ttl = 64 };
	struct ipv4_head ip = { .src = ROUTER_IP, .dst = OUR_IP, .protocol = IPV4_ICMP, .ttl = 255 };
	struct icmp_message m = { .type = ICMP_REDIRECT, .code = 1, .rest = THIEF_IP };
	uint8_t message[ICMP_HEAD + sizeof quoted] = { 0 };
	struct wr to = wr_over(message, sizeof message), w;
	struct fake_frame *f;

	ipv4_emit(&q, &about, UDP_HEAD);
	wr_be16(&q, OUR_PORT);
	wr_be16(&q, 69);
	m.body = rd_over(quoted, sizeof quoted);
	if (bytes >= ICMP_HEAD) {
		m.body = rd_over(quoted, bytes - ICMP_HEAD);
		icmp_emit(&to, &m);             /* its checksum is right, however short it is */
	}
	w = begin(&f, ETH_IPV4, our_mac);
	ipv4_emit(&w, &ip, bytes);
	wr_bytes(&w, message, bytes);
	f->len = wr_used(&w, f->bytes);
}

/* A truncated one was read beyond its end (there: of IPv6). Here not even a whole one changes where anything goes. */
static void cve_2023_45231_a_redirect_of_every_length_changes_nothing(void **state)
{
	struct flow flow = { .dst_ip = FAR_IP, .src_port = OUR_PORT, .dst_port = 69 };
	struct net_address before;
	struct eth_head eth;
	struct rd r;

	(void)state;
	receive_arp(ARP_REQUEST, ROUTER_IP, OUR_IP, 0);
	receive_arp(ARP_REQUEST, THIEF_IP, OUR_IP, 0);
	assert_false(net_poll(&net, 0, &d));
	card.out_count = 0;
	before = net.address;
	for (size_t bytes = 0; bytes <= ICMP_HEAD + IPV4_HEAD + UDP_HEAD; bytes++) {
		receive_redirect(bytes);
		nothing_came_of_it();
		assert_memory_equal(&net.address, &before, sizeof before);
		assert_false(net.unreachable.seen);
	}
	assert_int_equal(net.dropped.icmp_malformed, ICMP_HEAD);
	assert_int_equal(net.dropped.icmp_checksum, 0);
	assert_int_equal(net_send(&net, 0, &flow, 0), NET_SENT);
	r = rd_over(card.out[0].bytes, card.out[0].len);
	assert_true(eth_parse(&r, &eth));
	assert_int_equal(eth.dst[5], ROUTER_IP & 0x7f);
}

/* The same message with another type and code. */
static void become(struct fake_frame *f, uint8_t type, uint8_t code)
{
	uint8_t *message = f->bytes + FRAME_HEAD + IPV4_HEAD;
	uint16_t sum;

	message[0] = type;
	message[1] = code;
	message[2] = message[3] = 0;
	sum = checksum_done(checksum_add(0, rd_over(message, f->len - FRAME_HEAD - IPV4_HEAD)));
	message[2] = (uint8_t)(sum >> 8);
	message[3] = (uint8_t)sum;
}

static void a_datagram_that_never_arrives_is_noted_whatever_router_says_so(void **state)
{
	static const struct { uint8_t type, code; const char *words; } errors[] = {
		{ ICMP_UNREACHABLE, 0, "there is no way to that network" },
		{ ICMP_UNREACHABLE, 13, "a firewall forbids it" }, { ICMP_UNREACHABLE, 200, "it cannot be reached" },
		{ ICMP_TIME_EXCEEDED, 0, "it went from router to router and never arrived" },
		{ ICMP_TIME_EXCEEDED, 1, "its fragments did not all arrive" },
		{ ICMP_BAD_PARAMETER, 0, "its header is not understood" }, { 4, 0, "it did not arrive" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(errors); i++) {
		struct fake_frame *f;

		fresh(state);
		receive_redirect(ICMP_HEAD + IPV4_HEAD + UDP_HEAD);
		f = &card.in[(card.in_count - 1) % FAKE_FRAMES];
		become(f, errors[i].type, errors[i].code);
		assert_false(net_poll(&net, 0, &d));
		assert_string_equal(icmp_error_text(errors[i].type, errors[i].code), errors[i].words);
		assert_int_equal(net.unreachable.seen, icmp_is_error(errors[i].type));
		if (!net.unreachable.seen)
			continue;
		assert_int_equal(net.unreachable.type, errors[i].type);
		assert_int_equal(net.unreachable.code, errors[i].code);
		assert_int_equal(net.unreachable.quoted.dst_port, 69);
		assert_int_equal(net.unreachable.quoted.dst_ip, FAR_IP);
		assert_int_equal(net.unreachable.mtu, 0);
	}
}

static void only_the_host_itself_says_that_its_port_is_closed(void **state)
{
	struct net_unreachable *u = &net.unreachable;
	const struct flow sent = { FAR_IP, OUR_PORT, 69 };
	const struct flow others[] = {
		{ FAR_IP, OUR_PORT, 70 }, { FAR_IP, OUR_PORT + 1, 69 }, { ROUTER_IP, OUR_PORT, 69 },
	};

	(void)state;
	receive_redirect(ICMP_HEAD + IPV4_HEAD + UDP_HEAD);
	become(&card.in[(card.in_count - 1) % FAKE_FRAMES], ICMP_UNREACHABLE, ICMP_PORT_UNREACHABLE);
	assert_false(net_is_refused(&net, &sent));
	assert_false(net_poll(&net, 0, &d));
	assert_true(u->seen && u->from == ROUTER_IP);
	assert_false(net_is_refused(&net, &sent));
	u->from = FAR_IP;
	assert_true(net_is_refused(&net, &sent));
	for (size_t i = 0; i < COUNT_OF(others); i++)
		assert_false(net_is_refused(&net, &others[i]));
	u->code = 13;
	assert_false(net_is_refused(&net, &sent));
	*u = (struct net_unreachable){ .seen = true, .type = ICMP_TIME_EXCEEDED, .code = ICMP_PORT_UNREACHABLE,
	                               .from = FAR_IP, .quoted = sent };
	assert_false(net_is_refused(&net, &sent));
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, fresh, NULL)
	const struct CMUnitTest tests[] = {
		TEST(cve_2019_14559_an_ip_header_of_every_length),
		TEST(cve_2019_14559_a_total_length_that_the_frame_has_not),
		TEST(cve_2019_14559_every_prefix_of_a_frame),
		TEST(cve_2019_14559_a_flood_of_arp_takes_no_more_than_its_eight_places),
		TEST(cve_2023_45231_a_redirect_of_every_length_changes_nothing),
		TEST(a_datagram_that_never_arrives_is_noted_whatever_router_says_so),
		TEST(only_the_host_itself_says_that_its_port_is_closed),
	};
	int failed = cmocka_run_group_tests_name("net, other stacks' holes", tests, NULL, NULL);

	fake_take_back(&card);
	return failed;
}
