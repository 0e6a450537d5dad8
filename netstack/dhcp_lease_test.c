/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What a packet's options mean: routes, texts, servers. */
#include "netstack/dhcp_script.h"
#include "netstack/nic_fake.h"

static void routes_follow_rfc_3442(void **state)
{
	static const uint8_t classless[] = {
		0, 192, 168, 1, 9,  8, 10, 192, 168, 1, 8,  24, 10, 1, 2, 0, 0, 0, 0,  0, 192, 168, 1, 7,
		33, 1, 2, 3, 4, 5, 6,
	};
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

/* A colour, a new line in the log server's file: anybody could send them in an offer. */
static void control_characters_do_not_reach_a_screen(void **state)
{
	(void)state;
	start();
	reply(DHCP_OFFER, OUR_IP, SERVER);
	fake_text(&r, OPT_BOOT_FILE, "\x1b[2J\n<131>\x7f");
	fake_text(&r, OPT_HOST_NAME, "caf\xc3\xa9");
	deliver(0);
	assert_string_equal(d.incoming.lease.boot_file, "?[2J?<131>?");
	assert_string_equal(d.incoming.lease.host_name, "caf\xc3\xa9");
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

/* More classless routes than we keep, the default route behind them all. */
static void a_default_route_is_found_at_the_end_of_a_long_list(void **state)
{
	uint8_t classless[27 * 9 + 5];
	struct wr w = wr_over(classless, sizeof classless);
	const struct net_address *a = &d.incoming.lease.address;

	(void)state;
	for (uint32_t i = 0; i < 27; i++) {
		wr_u8(&w, 32);
		wr_be32(&w, 0x0a000001 + i);
		wr_be32(&w, OTHER);
	}
	wr_u8(&w, 0);
	wr_be32(&w, ROUTER);
	assert_true(wr_ok(&w) && w.left == 0);
	start();
	reply(DHCP_OFFER, OUR_IP, SERVER);
	fake_option(&r, OPT_ROUTES, classless, sizeof classless);
	deliver(0);
	assert_int_equal(a->route_count, NET_ROUTES_MAX);
	assert_int_equal(a->routes[NET_ROUTES_MAX - 1].mask, 0);
	assert_int_equal(d.incoming.lease.router, ROUTER);
}

/* Option 33 is older than masks: what is a network of its class means that network. */
static void a_static_route_is_to_a_network_of_its_class_or_to_a_host(void **state)
{
	static const struct { uint32_t dst, mask; } routes[] = {
		{ 0x0a000000, 0xff000000 }, { 0x0a000100, UINT32_MAX }, { 0xac100000, 0xffff0000 },
		{ 0xac100100, UINT32_MAX }, { 0xc0a80200, 0xffffff00 }, { 0xc0a80201, UINT32_MAX },
	};
	const struct net_address *a = &d.incoming.lease.address;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(routes); i++) {
		uint8_t value[8];
		struct wr w = wr_over(value, sizeof value);

		wr_be32(&w, routes[i].dst);
		wr_be32(&w, OTHER);
		start();
		reply(DHCP_OFFER, OUR_IP, SERVER);
		fake_option(&r, OPT_STATIC_ROUTES, value, sizeof value);
		deliver(0);
		assert_int_equal(a->route_count, 2);
		assert_int_equal(a->routes[0].dst, routes[i].dst);
		assert_int_equal(a->routes[0].mask, routes[i].mask);
		assert_int_equal(a->routes[0].via, OTHER);
	}
}

/* A relay of our own subnet is a way out where no router is named; one behind a router is not. */
static void the_relay_is_the_router_where_it_can_be(void **state)
{
	static const uint8_t on_link_only[] = { 16, 192, 168, 0, 0, 0, 0 };
	const struct dhcp_lease *l = &d.incoming.lease;

	(void)state;
	for (int with_router = 0; with_router < 2; with_router++)
		for (uint32_t relay = 0xc0a80163; relay; relay = relay == 0xc0a80163 ? 0x0a000001 : 0) {
			start();
			fake_reply(&r, DHCP_OFFER, d.xid, who.mac, OUR_IP);
			fake_ip(&r, OPT_NETMASK, 0xffffff00);
			if (with_router)
				fake_ip(&r, OPT_ROUTER, ROUTER);
			fake_field(&r, FAKE_GIADDR_AT, relay);
			deliver(0);
			assert_int_equal(l->router, with_router ? ROUTER : relay == 0xc0a80163 ? relay : 0);
			assert_int_equal(l->address.route_count, l->router ? 1 : 0);
		}
	start();
	reply(DHCP_OFFER, OUR_IP, SERVER);
	fake_option(&r, OPT_ROUTES, on_link_only, sizeof on_link_only);
	fake_field(&r, FAKE_GIADDR_AT, 0xc0a80163);
	deliver(0);
	assert_int_equal(l->router, 0);                 /* 121 says all there is to say */
	assert_int_equal(l->address.route_count, 1);
}

static void option_26_clamps_what_the_stack_sends(void **state)
{
	static const struct { uint16_t said, card; size_t payload; } mtus[] = {
		{ 0, 1500, 1472 }, { 575, 1500, 1472 }, { 576, 1500, 548 }, { 1450, 1500, 1422 },
		{ 1500, 1500, 1472 }, { 9000, 1500, 1472 }, { 65535, 1500, 1472 }, { 1450, 1258, 1230 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(mtus); i++) {
		static struct nic_fake card;
		static struct net net;
		uint8_t value[2] = { (uint8_t)(mtus[i].said >> 8), (uint8_t)mtus[i].said };

		fake_init(&card, who.mac);
		card.nic.mtu = mtus[i].card;
		net_init(&net, &card.nic, NULL);
		start();
		reply(DHCP_OFFER, OUR_IP, SERVER);
		fake_option(&r, OPT_MTU, value, sizeof value);
		deliver(0);
		net_configure(&net, &d.incoming.lease.address);
		assert_int_equal(net_payload_max(&net), mtus[i].payload);
	}
	start();
	reply(DHCP_OFFER, OUR_IP, SERVER);
	fake_option(&r, OPT_MTU, "\x05", 1);            /* half a number is none */
	deliver(0);
	assert_int_equal(d.incoming.lease.address.mtu, 0);
}

/* Where one value is meant, the first counts; half of one is none. */
static void of_repeated_numbers_the_first_counts(void **state)
{
	const struct dhcp_lease *l = &d.incoming.lease;

	(void)state;
	start();
	reply(DHCP_OFFER, OUR_IP, OTHER);
	fake_ip(&r, OPT_SERVER_ID, PROXY);
	fake_ip(&r, OPT_NETMASK, 0xff000000);
	fake_ip(&r, OPT_ROUTER, ROUTER + 1);
	fake_ip(&r, OPT_LEASE_TIME, 1);
	fake_option(&r, OPT_LOG_SERVER, "\1\2\3", 3);
	deliver(0);
	assert_int_equal(l->server, OTHER);
	assert_int_equal(l->address.mask, 0xffffff00);
	assert_int_equal(l->router, ROUTER);
	assert_int_equal(l->lease_s, LEASE_S);
	assert_int_equal(l->log_server, 0);
}

/* Option 54 is the server's address; what cannot be one is not asked, or renewed at. */
static void a_server_that_misnames_itself_is_known_by_its_packets(void **state)
{
	static const uint32_t wrong[] = { 0, 0x7f000001, 0xe0000001, IP_BROADCAST };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		start();
		reply(DHCP_OFFER, OUR_IP, wrong[i]);
		deliver(0);
		assert_int_equal(d.incoming.lease.server, SERVER);
	}
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(routes_follow_rfc_3442),
		cmocka_unit_test(control_characters_do_not_reach_a_screen),
		cmocka_unit_test(too_many_routes_keep_the_default),
		cmocka_unit_test(a_default_route_is_found_at_the_end_of_a_long_list),
		cmocka_unit_test(a_static_route_is_to_a_network_of_its_class_or_to_a_host),
		cmocka_unit_test(the_relay_is_the_router_where_it_can_be),
		cmocka_unit_test(option_26_clamps_what_the_stack_sends),
		cmocka_unit_test(of_repeated_numbers_the_first_counts),
		cmocka_unit_test(a_server_that_misnames_itself_is_known_by_its_packets),
		cmocka_unit_test(texts_end_and_servers_are_found),
	};

	return cmocka_run_group_tests_name("dhcp_lease", tests, NULL, NULL);
}
