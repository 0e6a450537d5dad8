/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/igmp.h"
#include "netstack/nic_fake.h"
#include "netstack/wire/checksum.h"
#include "netstack/wire/eth.h"
#include "netstack/wire/igmp.h"
#include "netstack/wire/udp.h"

static const uint8_t our_mac[6] = { 0x52, 0x54, 0, 0, 0, 1 }, router_mac[6] = { 0x52, 0x54, 0, 0, 0, 2 };
static const uint8_t group_mac[6] = { 0x01, 0x00, 0x5e, 0x7f, 0, 1 }, all_mac[6] = { 0x01, 0x00, 0x5e, 0, 0, 1 };
static const uint8_t routers_mac[6] = { 0x01, 0x00, 0x5e, 0, 0, 2 }, stp_mac[1][6] = { { 1, 0x80, 0xc2, 0, 0, 0 } };

enum { OUR_IP = 0x0a000005, ROUTER_IP = 0x0a000001, GROUP = 0xefff0001, PORT = 1758 };
/* Its MAC address is the group's: the upper five bits of 28 are lost in it. */
enum { TWIN = 0xee7f0001 };
enum { TEN = 10 * USEC_PER_S };

static struct nic_fake card;
static struct net net;
static struct igmp group;
static struct datagram d;

static int setup(void **state)
{
	struct net_address a = { .ip = OUR_IP, .mask = 0xffffff00 };

	(void)state;
	fake_init(&card, our_mac);
	net_init(&net, &card.nic, NULL);
	net_configure(&net, &a);
	assert_true(net_open_port(&net, PORT));
	return 0;
}

static void join(void) { assert_true(igmp_join(&group, &net, 0, GROUP, 7)); }

static void receive(const uint8_t mac[6], uint32_t dst, uint8_t protocol, struct rd payload)
{
	struct fake_frame *f = fake_next_in(&card);
	struct wr w = wr_over(f->bytes, sizeof f->bytes);
	struct eth_head eth = { .type = ETH_IPV4 };
	struct ipv4_head ip = { .src = ROUTER_IP, .dst = dst, .protocol = protocol, .ttl = 1 };

	memcpy(eth.dst, mac, 6);
	memcpy(eth.src, router_mac, 6);
	eth_emit(&w, &eth);
	ipv4_emit(&w, &ip, rd_left(&payload));
	wr_rest(&w, payload);
	f->len = wr_used(&w, f->bytes) < FRAME_MIN ? FRAME_MIN : wr_used(&w, f->bytes);
}

static void receive_igmp(uint32_t dst, uint8_t type, uint8_t code, uint32_t about, size_t len)
{
	uint8_t bytes[IGMP_QUERY_V3] = { type, code };
	struct wr w = wr_over(bytes + 4, 4);

	wr_be32(&w, about);
	w = wr_over(bytes + 2, 2);
	wr_be16(&w, checksum_done(checksum_add(0, rd_over(bytes, len))));
	receive(dst == GROUP ? group_mac : all_mac, dst, IPV4_IGMP, rd_over(bytes, len));
}

static void receive_udp(const uint8_t mac[6], uint32_t dst, uint16_t port)
{
	uint8_t bytes[UDP_HEAD + 2];
	struct wr w = wr_over(bytes, sizeof bytes);
	struct ipv4_head ip = { .src = ROUTER_IP, .dst = dst, .protocol = IPV4_UDP };
	struct udp_head udp = { 69, port };

	udp_emit(&w, &udp, &ip, rd_over("hi", 2));
	wr_bytes(&w, "hi", 2);
	receive(mac, dst, IPV4_UDP, rd_over(bytes, sizeof bytes));
}

/* Turns until then, and how many messages went out meanwhile. */
static size_t turn(usec from, usec until)
{
	size_t before = card.out_count;

	for (usec now = from; now <= until; now += 10 * USEC_PER_MS)
		while (net_poll(&net, now, &d))
			;
	return card.out_count - before;
}

static struct igmp_message last_said(const uint8_t mac[6], uint32_t to)
{
	const struct fake_frame *f = &card.out[(card.out_count - 1) % FAKE_FRAMES];
	struct rd r = rd_over(f->bytes, f->len);
	struct eth_head eth;
	struct ipv4_head ip;
	struct igmp_message m;

	assert_true(eth_parse(&r, &eth));
	assert_memory_equal(eth.dst, mac, 6);
	assert_memory_equal(eth.src, our_mac, 6);
	assert_int_equal(ipv4_parse(&r, &ip), IPV4_FINE);
	assert_int_equal(ip.src, OUR_IP);
	assert_int_equal(ip.dst, to);
	assert_int_equal(ip.protocol, IPV4_IGMP);
	assert_int_equal(igmp_parse(r, &m), IGMP_FINE);
	return m;
}

static void joining_reports_at_once_and_once_more_within_ten_seconds(void **state)
{
	(void)state;
	join();
	assert_int_equal(card.out_count, 1);
	assert_int_equal(last_said(group_mac, GROUP).type, IGMP_REPORT);
	assert_int_equal(last_said(group_mac, GROUP).group, GROUP);
	assert_true(net_wake_at(&net) <= TEN);
	assert_int_equal(turn(0, TEN), 1);
	assert_int_equal(turn(TEN, 3 * TEN), 0);
	assert_true(net_wake_at(&net) == NEVER);
}

static void the_card_is_told_the_links_groups_and_ours(void **state)
{
	struct net_listener ear = { NULL, stp_mac, 1 };

	(void)state;
	assert_true(net_listen(&net, &ear));
	join();
	assert_int_equal(card.group_count, 3);
	assert_memory_equal(card.groups[0], stp_mac[0], 6);
	assert_memory_equal(card.groups[1], all_mac, 6);
	assert_memory_equal(card.groups[2], group_mac, 6);
	assert_true(net_listen(&net, NULL));
	assert_int_equal(card.group_count, 2);
	igmp_leave(&group, &net);
	assert_int_equal(card.group_count, 0);
}

static void a_card_that_cannot_be_told_joins_nothing(void **state)
{
	static const uint8_t macs[NIC_GROUPS_MAX - 1][6];
	struct net_listener many = { NULL, macs, COUNT_OF(macs) };

	(void)state;
	card.refuses_groups = true;
	assert_false(igmp_join(&group, &net, 0, GROUP, 7));
	card.refuses_groups = false;
	net.listener = &many;
	assert_false(igmp_join(&group, &net, 0, GROUP, 7));
	net.listener = NULL;
	assert_false(igmp_join(&group, &net, 0, ROUTER_IP, 7));
	assert_int_equal(card.out_count, 0);
	assert_null(net.group);
}

static void only_the_groups_datagrams_for_open_ports_are_ours(void **state)
{
	(void)state;
	receive_udp(group_mac, GROUP, PORT);
	assert_int_equal(turn(0, 0), 0);
	assert_int_equal(net.dropped.foreign_mac, 1);
	join();
	receive_udp(group_mac, GROUP, PORT);
	assert_true(net_poll(&net, 0, &d));
	assert_int_equal(d.dst_ip, GROUP);
	assert_true(rd_is(&d.payload, "hi", 2));
	receive_udp(group_mac, TWIN, PORT);
	receive_udp(group_mac, GROUP, PORT + 1);
	receive_udp(routers_mac, GROUP, PORT);
	assert_false(net_poll(&net, 0, &d));
	assert_int_equal(net.dropped.ip_foreign, 1);
	assert_int_equal(net.dropped.udp_closed, 1);
	assert_int_equal(net.dropped.foreign_mac, 2);
	assert_int_equal(card.out_count, 1);    /* nobody is told that a group's port is closed */
	igmp_leave(&group, &net);
	receive_udp(group_mac, GROUP, PORT);
	assert_false(net_poll(&net, 0, &d));
}

static void queries_are_answered_within_their_time(void **state)
{
	static const struct { uint32_t dst, about; uint8_t code; size_t len; usec within; uint8_t type; } rows[] = {
		{ IPV4_ALL_HOSTS, 0, 100, IGMP_HEAD, TEN, IGMP_REPORT },
		{ GROUP, GROUP, 10, IGMP_HEAD, USEC_PER_S, IGMP_REPORT },
		{ IPV4_ALL_HOSTS, 0, 0, IGMP_HEAD, TEN, IGMP_REPORT_V1 },
		{ IPV4_ALL_HOSTS, 0, 20, IGMP_QUERY_V3, 2 * USEC_PER_S, IGMP_REPORT },
		{ IPV4_ALL_HOSTS, 0, 0, IGMP_QUERY_V3, 10 * USEC_PER_MS, IGMP_REPORT },
	};

	(void)state;
	join();
	turn(0, TEN);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		receive_igmp(rows[i].dst, IGMP_QUERY, rows[i].code, rows[i].about, rows[i].len);
		assert_int_equal(turn(TEN * (i + 2), TEN * (i + 2) + rows[i].within), 1);
		assert_int_equal(last_said(group_mac, GROUP).type, rows[i].type);
		assert_int_equal(turn(TEN * (i + 2) + rows[i].within, TEN * (i + 3)), 0);
	}
	receive_igmp(IPV4_ALL_HOSTS, IGMP_QUERY, 1, TWIN, IGMP_HEAD);
	assert_int_equal(turn(20 * TEN, 21 * TEN), 0);
}

static void an_answer_that_is_due_sooner_is_not_put_off(void **state)
{
	(void)state;
	join();
	turn(0, TEN);
	receive_igmp(IPV4_ALL_HOSTS, IGMP_QUERY, 10, 0, IGMP_HEAD);
	receive_igmp(IPV4_ALL_HOSTS, IGMP_QUERY, 255, 0, IGMP_HEAD);
	assert_int_equal(turn(2 * TEN, 2 * TEN + USEC_PER_S), 1);
}

static void another_hosts_report_is_ours_as_well(void **state)
{
	(void)state;
	join();
	receive_igmp(GROUP, IGMP_REPORT, 0, GROUP, IGMP_HEAD);
	assert_int_equal(turn(0, 2 * TEN), 0);
	receive_igmp(IPV4_ALL_HOSTS, IGMP_QUERY, 100, 0, IGMP_HEAD);
	receive_igmp(GROUP, IGMP_REPORT_V1, 0, GROUP, IGMP_HEAD);
	assert_int_equal(turn(2 * TEN, 4 * TEN), 0);
	receive_igmp(IPV4_ALL_HOSTS, IGMP_QUERY, 100, 0, IGMP_HEAD);
	receive_igmp(GROUP, IGMP_REPORT, 0, TWIN, IGMP_HEAD);
	assert_int_equal(turn(4 * TEN, 6 * TEN), 1);
	assert_int_equal(group.heard, 2);
}

static void nonsense_is_counted_and_a_busy_card_asked_again(void **state)
{
	(void)state;
	card.busy = true;
	join();
	assert_int_equal(card.out_count, 0);
	receive_igmp(IPV4_ALL_HOSTS, IGMP_QUERY, 0, 0, IGMP_HEAD - 1);
	turn(0, 0);
	assert_int_equal(group.malformed, 1);
	card.busy = false;
	assert_int_equal(turn(0, 0), 1);
}

static void leaving_tells_the_routers_and_only_once(void **state)
{
	(void)state;
	join();
	igmp_leave(&group, &net);
	assert_int_equal(last_said(routers_mac, IGMP_ALL_ROUTERS).type, IGMP_LEAVE);
	assert_int_equal(last_said(routers_mac, IGMP_ALL_ROUTERS).group, GROUP);
	igmp_leave(&group, &net);
	assert_int_equal(card.out_count, 2);
	receive_igmp(IPV4_ALL_HOSTS, IGMP_QUERY, 1, 0, IGMP_HEAD);
	assert_int_equal(turn(0, TEN), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, NULL)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(joining_reports_at_once_and_once_more_within_ten_seconds),
		TEST(the_card_is_told_the_links_groups_and_ours),
		TEST(a_card_that_cannot_be_told_joins_nothing),
		TEST(only_the_groups_datagrams_for_open_ports_are_ours),
		TEST(queries_are_answered_within_their_time),
		TEST(an_answer_that_is_due_sooner_is_not_put_off),
		TEST(another_hosts_report_is_ours_as_well),
		TEST(nonsense_is_counted_and_a_busy_card_asked_again),
		TEST(leaving_tells_the_routers_and_only_once),
	};

	return cmocka_run_group_tests_name("igmp", tests, NULL, NULL);
}
