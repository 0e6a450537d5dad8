/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The VLAN that is set: whose frames are taken, and how ours leave. */
#include "netstack/net.h"
#include "netstack/nic_fake.h"
#include "netstack/vlan.h"
#include "netstack/wire/arp.h"
#include "netstack/wire/ipv4.h"
#include "netstack/wire/udp.h"

static const uint8_t our_mac[6] = { 0x52, 0x54, 0, 0, 0, 1 }, peer_mac[6] = { 0x52, 0x54, 0, 0, 0, 2 };
static const uint8_t groups[2][6] = { { 1, 0x80, 0xc2, 0, 0, 0 }, { 1, 0x80, 0xc2, 0, 0, 2 } };

enum { OUR_IP = 0x0a000005, PEER_IP = 0x0a000009, OUR_PORT = 6901, PEER_PORT = 6910, UNTAGGED = -1 };

static struct nic_fake card;
static struct net net;
static struct datagram d;

static void setup(uint16_t vlan)
{
	struct net_address a = { .ip = OUR_IP, .mask = 0xffffff00 };

	fake_init(&card, our_mac);
	net_init(&net, &card.nic, NULL);
	net_set_vlan(&net, vlan);
	net_open_port(&net, OUR_PORT);
	net_configure(&net, &a);
}

static void tag(struct fake_frame *f, int vlan)
{
	struct fake_frame plain = *f;
	struct wr w = wr_over(f->bytes, sizeof f->bytes);

	if (vlan == UNTAGGED)
		return;
	eth_emit_tagged(&w, rd_over(plain.bytes, plain.len), (uint16_t)vlan);
	f->len = wr_used(&w, f->bytes);
}

static void receive_udp(int vlan, const uint8_t dst[6])
{
	struct fake_frame *f = fake_next_in(&card);
	struct wr w = wr_over(f->bytes, sizeof f->bytes);
	struct eth_head eth = { .type = ETH_IPV4 };
	struct ipv4_head ip = { .src = PEER_IP, .dst = OUR_IP, .protocol = IPV4_UDP, .ttl = 9 };
	struct udp_head udp = { PEER_PORT, OUR_PORT };

	memcpy(eth.dst, dst, 6);
	memcpy(eth.src, peer_mac, 6);
	eth_emit(&w, &eth);
	ipv4_emit(&w, &ip, UDP_HEAD + 5);
	udp_emit(&w, &udp, &ip, rd_over("hello", 5));
	wr_bytes(&w, "hello", 5);
	f->len = wr_used(&w, f->bytes);
	tag(f, vlan);
}

static void receive_arp_question(int vlan)
{
	struct fake_frame *f = fake_next_in(&card);
	struct wr w = wr_over(f->bytes, sizeof f->bytes);
	struct eth_head eth = { .type = ETH_ARP };
	struct arp_packet a = { .op = ARP_REQUEST, .sender_ip = PEER_IP, .target_ip = OUR_IP };

	memcpy(eth.dst, eth_broadcast, 6);
	memcpy(eth.src, peer_mac, 6);
	memcpy(a.sender_mac, peer_mac, 6);
	eth_emit(&w, &eth);
	arp_emit(&w, &a);
	f->len = wr_used(&w, f->bytes);
	tag(f, vlan);
}

static bool hears(int vlan)
{
	receive_udp(vlan, our_mac);
	return net_poll(&net, 0, &d) && rd_is(&d.payload, "hello", 5);
}

/* The last frame sent, which must have this tag and no other. */
static struct eth_head sent_in(int vlan, struct rd *rest)
{
	const struct fake_frame *f = &card.out[(card.out_count - 1) % FAKE_FRAMES];
	struct eth_head eth;

	*rest = rd_over(f->bytes, f->len);
	assert_true(eth_parse(rest, &eth));
	assert_int_equal(eth.is_tagged, vlan != UNTAGGED);
	assert_int_equal(eth.vlan, vlan == UNTAGGED ? 0 : vlan);
	assert_memory_equal(eth.src, our_mac, 6);
	return eth;
}

static enum net_sent send_bytes(size_t len)
{
	struct flow flow = { .dst_ip = PEER_IP, .src_port = OUR_PORT, .dst_port = PEER_PORT };
	struct wr w = net_payload(&net);

	for (size_t i = 0; i < len; i++)
		wr_u8(&w, (uint8_t)i);
	return net_send(&net, 0, &flow, len);
}

static void without_a_vlan_untagged_and_priority_frames_are_ours(void **state)
{
	(void)state;
	setup(0);
	assert_true(hears(UNTAGGED));
	assert_true(hears(0));
	assert_false(hears(5));
	assert_int_equal(net.dropped.foreign_vlan, 1);
}

static void in_a_vlan_its_frames_and_priority_frames_are_ours(void **state)
{
	(void)state;
	setup(5);
	assert_true(hears(5));
	assert_true(hears(0));
	assert_false(hears(UNTAGGED));
	assert_false(hears(6));
	assert_false(hears(0xfff));
	assert_int_equal(net.dropped.foreign_vlan, 3);
	receive_arp_question(UNTAGGED);
	assert_false(net_poll(&net, 0, &d));
	assert_int_equal(card.out_count, 0);
}

static void a_number_that_is_no_vlan_is_none(void **state)
{
	(void)state;
	setup(4095);
	assert_int_equal(net.vlan, 0);
	net_set_vlan(&net, ETH_VLAN_MAX);
	assert_int_equal(net.vlan, ETH_VLAN_MAX);
	net_set_vlan(&net, 0);
	assert_int_equal(net.vlan, 0);
}

static void arp_and_datagrams_leave_with_the_tag(void **state)
{
	struct rd rest;
	struct arp_packet a;
	struct ipv4_head ip;
	struct udp_head udp;

	(void)state;
	setup(5);
	receive_arp_question(5);
	assert_false(net_poll(&net, 0, &d));
	assert_int_equal(sent_in(5, &rest).type, ETH_ARP);
	assert_true(arp_parse(rest, &a));
	assert_int_equal(a.op, ARP_REPLY);
	assert_int_equal(send_bytes(9), NET_SENT);
	assert_int_equal(sent_in(5, &rest).type, ETH_IPV4);
	assert_int_equal(ipv4_parse(&rest, &ip), IPV4_FINE);
	assert_int_equal(udp_parse(&rest, &ip, &udp), UDP_FINE);
	assert_int_equal(rd_left(&rest), 9);
	assert_int_equal(net.dropped.sent, 2);
	card.busy = true;
	assert_int_equal(send_bytes(9), NET_BUSY);
	assert_int_equal(net.dropped.card_busy, 1);
	card.busy = false;
	net_set_vlan(&net, 0);
	assert_int_equal(send_bytes(9), NET_SENT);
	assert_int_equal(sent_in(UNTAGGED, &rest).type, ETH_IPV4);
}

static void the_tag_is_taken_from_the_datagram(void **state)
{
	struct net_address a = { .ip = OUR_IP, .mask = 0xffffff00, .mtu = 1450 };
	struct rd rest;

	(void)state;
	setup(5);
	assert_int_equal(net_payload_max(&net), 1500 - 4 - 28);
	receive_arp_question(5);
	net_poll(&net, 0, &d);
	assert_int_equal(send_bytes(1500 - 4 - 28), NET_SENT);
	assert_int_equal(card.out[(card.out_count - 1) % FAKE_FRAMES].len, FRAME_MAX);
	sent_in(5, &rest);
	assert_int_equal(send_bytes(1500 - 28), NET_UNREACHABLE);       /* it would never leave */
	/* What DHCP says of the network is about datagrams; what the card says is about frames. */
	net_configure(&net, &a);
	assert_int_equal(net_payload_max(&net), 1450 - 28);
	card.nic.mtu = 1258;
	assert_int_equal(net_payload_max(&net), 1258 - 4 - 28);
	net_set_vlan(&net, 0);
	assert_int_equal(net_payload_max(&net), 1258 - 28);
}

/* ---- the link's own protocols ---- */

struct ear { struct net_listener listener; unsigned heard; uint16_t type; size_t left; };

static void ear_rx(struct net_listener *l, struct net *n, usec now, const struct eth_head *eth, struct rd payload)
{
	struct ear *e = (struct ear *)l;
	uint8_t answer[FRAME_MIN] = { 1, 0x80, 0xc2, 0, 0, 2 };

	(void)now;
	e->heard++;
	e->type = eth->type;
	e->left = rd_left(&payload);
	if (eth->type == ETH_SLOW) {
		memcpy(answer + 6, n->nic->mac, 6);
		assert_true(vlan_send_untagged(n, answer, sizeof answer));
	}
}

static void receive_link(const uint8_t dst[6], uint16_t type)
{
	struct fake_frame *f = fake_next_in(&card);
	struct wr w = wr_over(f->bytes, sizeof f->bytes);
	struct eth_head eth = { .type = type };

	memcpy(eth.dst, dst, 6);
	memcpy(eth.src, peer_mac, 6);
	eth_emit(&w, &eth);
	f->len = FRAME_MIN;
}

static void a_listener_gets_what_is_neither_ip_nor_arp(void **state)
{
	static const uint8_t others[6] = { 1, 0x80, 0xc2, 0, 0, 0xe };
	struct ear ear = { .listener = { ear_rx, groups, COUNT_OF(groups) } };
	struct rd rest;

	(void)state;
	setup(5);
	receive_link(groups[0], 38);
	assert_false(net_poll(&net, 0, &d));
	assert_int_equal(net.dropped.foreign_mac, 1);
	assert_true(net_listen(&net, &ear.listener));
	assert_int_equal(card.group_count, 2);
	assert_memory_equal(card.groups, groups, sizeof groups);
	receive_link(groups[0], 38);
	assert_false(net_poll(&net, 0, &d));
	assert_int_equal(ear.heard, 1);
	assert_int_equal(ear.type, 38);
	assert_int_equal(ear.left, FRAME_MIN - ETH_HEAD);
	receive_link(groups[1], ETH_SLOW);
	receive_link(others, 0x88cc);           /* LLDP: nobody asked for it */
	assert_false(net_poll(&net, 0, &d));
	assert_int_equal(ear.heard, 2);
	sent_in(UNTAGGED, &rest);               /* the link knows of no VLAN */
	assert_int_equal(net.dropped.link_frames, 2);
	net_set_vlan(&net, 0);
	receive_link(our_mac, ETH_EAP);
	receive_udp(UNTAGGED, groups[0]);       /* no datagram may come that way */
	assert_false(net_poll(&net, 0, &d));
	assert_int_equal(ear.heard, 4);
	assert_true(net_listen(&net, NULL));
	assert_int_equal(card.group_count, 0);
	receive_link(our_mac, ETH_EAP);
	assert_false(net_poll(&net, 0, &d));
	assert_int_equal(ear.heard, 4);
	assert_int_equal(net.dropped.foreign_ethertype, 1);
}

static void a_card_that_cannot_be_told_is_listened_to_all_the_same(void **state)
{
	struct ear ear = { .listener = { ear_rx, groups, COUNT_OF(groups) } };

	(void)state;
	setup(0);
	card.refuses_groups = true;
	assert_false(net_listen(&net, &ear.listener));
	receive_link(groups[0], 38);
	assert_false(net_poll(&net, 0, &d));
	assert_int_equal(ear.heard, 1);
	card.nic.groups = NULL;
	assert_false(net_listen(&net, &ear.listener));
	receive_link(groups[0], 38);
	assert_false(net_poll(&net, 0, &d));
	assert_int_equal(ear.heard, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_vlan_untagged_and_priority_frames_are_ours),
		cmocka_unit_test(in_a_vlan_its_frames_and_priority_frames_are_ours),
		cmocka_unit_test(a_number_that_is_no_vlan_is_none),
		cmocka_unit_test(arp_and_datagrams_leave_with_the_tag),
		cmocka_unit_test(the_tag_is_taken_from_the_datagram),
		cmocka_unit_test(a_listener_gets_what_is_neither_ip_nor_arp),
		cmocka_unit_test(a_card_that_cannot_be_told_is_listened_to_all_the_same),
	};
	int failed = cmocka_run_group_tests_name("vlan", tests, NULL, NULL);

	fake_take_back(&card);
	return failed;
}
