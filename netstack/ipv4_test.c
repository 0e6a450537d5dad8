/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Where a packet goes. */
#include "netstack/nic_fake.h"
#include "netstack/net.h"

static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 1 };

/* RFC 1112, 6.4: no ARP, the MAC address is the group's; the highest of its 24 bits is not in it. */
static void a_group_needs_no_arp(void **state)
{
	static const struct { uint32_t group; uint8_t mac[6]; } rows[] = {
		{ 0xe0000102, { 1, 0, 0x5e, 0, 1, 2 } }, { 0xef80ff01, { 1, 0, 0x5e, 0, 0xff, 1 } },
		{ 0xe0ffffff, { 1, 0, 0x5e, 0x7f, 0xff, 0xff } },
	};
	static struct nic_fake card;
	static struct net n;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct flow flow = { .dst_ip = rows[i].group, .src_port = 68, .dst_port = 4011 };

		fake_init(&card, mac);
		net_init(&n, &card.nic, NULL);
		net_configure(&n, &(struct net_address){ .ip = 0x0a000032, .mask = 0xffffff00 });
		assert_int_equal(net_send(&n, 0, &flow, 0), NET_SENT);
		assert_int_equal(card.out_count, 1);
		assert_memory_equal(card.out[0].bytes, rows[i].mac, 6);
		flow.dst_ip = 0xf0000001;               /* no group, and no host of ours */
		assert_int_equal(net_send(&n, 0, &flow, 0), NET_UNREACHABLE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(a_group_needs_no_arp) };

	return cmocka_run_group_tests_name("ipv4", tests, NULL, NULL);
}
