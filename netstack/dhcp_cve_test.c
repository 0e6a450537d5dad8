/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * What other network stacks got wrong with DHCP, each as a packet: the published ones by their number, the others by
 * EDK2's commit, or the letter under which they stand in the list they were found with. Packets are heap blocks of
 * their exact size, so the address sanitizer sees one byte too far.
 */
#include "netstack/dhcp_lease.h"
#include "netstack/dhcp_offer.h"
#include "netstack/dhcp_script.h"

static uint8_t filler[255];

/* Exactly these bytes, without an end mark. */
static void deliver_raw(size_t len)
{
	struct datagram in = { .src_ip = SERVER, .src_port = 67, .dst_port = 68 };
	uint8_t *copy = exact_copy(r.bytes, len);

	in.payload = rd_over(copy, len);
	dhcp_rx(&d, S, &in);
	assert_memory_equal(copy, r.bytes, len);        /* nobody writes into it, not even a NUL */
	free(copy);
}

/* An offer of a PXE server with this option 43, the last thing in its packet; what it is taken for. */
static enum dhcp_pxe_kind kind_of(const uint8_t *vendor, size_t len)
{
	start();
	reply(DHCP_OFFER, OUR_IP, SERVER);
	fake_text(&r, OPT_CLASS, "PXEClient");
	fake_option(&r, OPT_VENDOR, vendor, len);
	deliver_raw(r.len);
	assert_int_equal(d.offer_count, 1);
	return d.offers[0].kind;
}

static void cve_2023_45229_an_option_longer_than_what_holds_it(void **state)
{
	static const size_t fields[] = { FAKE_SNAME_AT, FAKE_FILE_AT }, sizes[] = { 64, 128 };

	(void)state;
	start();
	reply(DHCP_OFFER, OUR_IP, SERVER);
	fake_text(&r, OPT_BOOT_FILE, "rill.kpxe");
	for (unsigned more = 1; more < 246; more++) {
		r.bytes[r.len - 10] = (uint8_t)(9 + more);
		deliver_raw(r.len);
		assert_int_equal(d.malformed, more);
	}
	for (size_t i = 0; i < COUNT_OF(fields); i++) {
		start();
		reply(DHCP_OFFER, OUR_IP, SERVER);
		fake_option(&r, OPT_OVERLOAD, "\3", 1);
		r.bytes[fields[i]] = OPT_BOOT_FILE;
		r.bytes[fields[i] + 1] = (uint8_t)(sizes[i] - 2);
		deliver_raw(r.len);
		assert_int_equal(d.malformed, 0);
		r.bytes[fields[i] + 1]++;
		deliver_raw(r.len);
		assert_int_equal(d.malformed, 1);
	}
}

static void cve_2023_45229_a_sub_option_longer_than_option_43(void **state)
{
	static const uint8_t tags[] = { 1, 5, 6, 7, 8, 9, 10, 71, 128 };

	(void)state;
	for (size_t i = 0; i < sizeof tags; i++)
		for (unsigned len = 3; len < 256; len++) {
			const uint8_t vendor[] = { tags[i], (uint8_t)len, 8, 8 };

			assert_int_equal(kind_of(vendor, sizeof vendor), DHCP_PXE_BINL);
			assert_int_equal(d.offers[0].lease.pxe_discovery, 0);
		}
}

/* Of who answers we keep four bytes, so our request has four, from a DHCP server as from a proxy. */
static void cve_2023_45230_and_45235_a_long_server_id_stays_out_of_our_request(void **state)
{
	size_t usual;

	(void)state;
	start();
	pair(OUR_IP, SERVER, NULL, NULL, 0);
	assert_int_equal(tx(3 * S), DHCP_REQUEST);
	usual = sent_len;
	start();
	memset(filler, 10, sizeof filler);
	for (int is_proxy = 0; is_proxy < 2; is_proxy++) {
		fake_reply(&r, DHCP_OFFER, d.xid, who.mac, is_proxy ? 0 : OUR_IP);
		for (int pieces = 0; pieces < 4; pieces++)
			fake_option(&r, OPT_SERVER_ID, filler, sizeof filler);
		fake_text(&r, OPT_CLASS, "PXEClient");
		deliver(S);
	}
	assert_int_equal(tx(3 * S), DHCP_REQUEST);
	assert_int_equal(sent_len, usual);
	assert_int_equal(sent_ip(OPT_SERVER_ID), 0x0a0a0a0a);
}

static void cve_2023_45231_an_option_cut_off_after_its_code(void **state)
{
	(void)state;
	for (unsigned code = 1; code < 255; code++) {
		start();
		reply(DHCP_OFFER, OUR_IP, SERVER);
		r.bytes[r.len] = (uint8_t)code;
		deliver_raw(r.len + 1);
		assert_int_equal(d.malformed, 1);
		assert_int_equal(d.offer_count, 0);
	}
}

/* A length of 0, where others did not move on; and a whole packet of pads. */
static void cve_2023_45232_and_45233_options_without_a_value_end(void **state)
{
	uint8_t vendor[254];

	(void)state;
	start();
	reply(DHCP_OFFER, OUR_IP, SERVER);
	for (unsigned code = 1; code < 255; code++)
		if (code != OPT_TYPE)
			fake_option(&r, (enum dhcp_option)code, "", 0);
	deliver(S);
	assert_int_equal(d.offer_count, 1);
	assert_int_equal(d.offers[0].lease.server, SERVER);
	assert_int_equal(d.offers[0].lease.router, 0);          /* an option 121 was there: it says so */
	reply(DHCP_OFFER, OUR_IP, OTHER);
	memset(r.bytes + r.len, OPT_PAD, DHCP_SIZE_MAX - r.len);
	deliver_raw(DHCP_SIZE_MAX);
	assert_int_equal(d.offer_count, 2);
	for (unsigned tag = 0; tag < 256; tag++) {
		for (size_t i = 0; i < sizeof vendor; i++)
			vendor[i] = i % 2 ? 0 : (uint8_t)tag;
		kind_of(vendor, sizeof vendor);
	}
}

static void cve_2023_45234_a_list_of_dns_servers_longer_than_its_place(void **state)
{
	const struct dhcp_lease *l = &d.offers[0].lease;

	(void)state;
	memset(filler, 9, sizeof filler);
	start();
	reply(DHCP_OFFER, OUR_IP, SERVER);
	fake_ip(&r, OPT_LOG_SERVER, PROXY);
	for (int pieces = 0; pieces < 3; pieces++)
		fake_option(&r, OPT_DNS, filler, sizeof filler);
	fake_option(&r, OPT_ROUTER, filler, sizeof filler);
	fake_option(&r, OPT_NETMASK, filler, 1);
	deliver(S);
	for (size_t i = 0; i < COUNT_OF(l->dns); i++)
		assert_int_equal(l->dns[i], 0x09090909);
	assert_int_equal(l->log_server, PROXY);
	assert_int_equal(l->router, ROUTER);
	assert_int_equal(l->next_server, SERVER);
	assert_int_equal(l->lease_s, LEASE_S);
}

/* Who hears one number must not know the next. */
static void cve_2023_45237_transaction_numbers_do_not_follow_from_each_other(void **state)
{
	static uint32_t xids[2000];
	unsigned ones[32] = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(xids); i += 2) {
		dhcp_init(&d, &who, NULL, 0, i);        /* seeds as alike as two moments */
		xids[i] = d.xid;
		assert_int_equal(tx(0), DHCP_DISCOVER);
		dhcp_decline(&d, 0);
		assert_int_equal(tx(0), DHCP_DECLINE);
		assert_int_equal(tx(10 * S), DHCP_DISCOVER);
		xids[i + 1] = d.xid;
	}
	for (size_t i = 0; i < COUNT_OF(xids); i++) {
		for (unsigned bit = 0; bit < 32; bit++)
			ones[bit] += xids[i] >> bit & 1;
		for (size_t j = i + 1; j < COUNT_OF(xids); j++)
			assert_true(xids[i] != xids[j]);
	}
	for (unsigned bit = 0; bit < 32; bit++)
		assert_in_range(ones[bit], COUNT_OF(xids) / 2 - 200, COUNT_OF(xids) / 2 + 200);
}

static void cve_2024_38805_a_text_as_long_as_its_place_ends_all_the_same(void **state)
{
	const struct dhcp_lease *l = &d.incoming.lease;

	(void)state;
	memset(filler, 'x', sizeof filler);
	for (unsigned pieces = 1; pieces < 3; pieces++)
		for (size_t len = 1; len <= (pieces == 1 ? sizeof filler : 240u); len++) {
			size_t all = pieces * len;

			start();
			reply(DHCP_OFFER, OUR_IP, SERVER);
			for (unsigned i = 0; i < pieces; i++) {
				fake_option(&r, OPT_HOST_NAME, filler, len);
				fake_option(&r, OPT_SERVER_NAME, filler, min_size(len, 100));
				fake_option(&r, OPT_BOOT_FILE, filler, len);
			}
			deliver_raw(r.len);
			assert_int_equal(strlen(l->host_name), min_size(all, sizeof l->host_name - 1));
			assert_int_equal(strlen(l->server_name), min_size(pieces * min_size(len, 100), 127));
			assert_int_equal(strlen(l->boot_file), min_size(all, sizeof l->boot_file - 1));
			assert_int_equal(l->root_path[0], 0);
		}
}

/* A DHCP server and a proxy, and another of each, in turns; the proxies name nothing, and what is taken is whole. */
static void edk2_3f55418d53_two_servers_in_turns_and_proxies_without_a_file(void **state)
{
	(void)state;
	start();
	for (unsigned turn = 0; turn < 3; turn++) {
		pair(0, PROXY, "PXEClient", NULL, 0);
		pair(OUR_IP, SERVER, NULL, NULL, 0);
		pair(0, PROXY + 1, "PXEClient", "\x06\x01\x08\xff", 4);
		pair(OUR_IP + 1, OTHER, NULL, NULL, 0);
	}
	assert_int_equal(d.offer_count, 4);
	assert_int_equal(d.proxy_count, 2);
	assert_int_equal(tx(3 * S), DHCP_REQUEST);
	assert_int_equal(sent_ip(OPT_SERVER_ID), SERVER);
	pair(0, PROXY, "PXEClient", NULL, 0);
	reply(DHCP_ACK, OUR_IP, OTHER);                 /* of the wrong one */
	deliver(3 * S);
	assert_int_equal(dhcp_status(&d), DHCP_WORKING);
	reply(DHCP_ACK, OUR_IP, SERVER);
	deliver(3 * S);
	assert_int_equal(dhcp_status(&d), DHCP_BOUND);
	assert_string_equal(d.lease.boot_file, "");
	assert_int_equal(d.lease.next_server, SERVER);
}

/* EDK2 counts in 8 bits there: 1 + 1 + 254 is 0, and it begins again, for ever. */
static void seen_a_a_sub_option_of_254_bytes_in_an_option_43_of_255(void **state)
{
	uint8_t vendor[255];

	(void)state;
	for (unsigned len = 250; len < 256; len++) {
		memset(vendor, 0, sizeof vendor);
		vendor[0] = 9;
		vendor[1] = (uint8_t)len;
		assert_int_equal(kind_of(vendor, sizeof vendor), len <= 253 ? DHCP_PXE_DISCOVERY : DHCP_PXE_BINL);
	}
}

static void seen_b_a_sub_option_whose_value_is_not_there(void **state)
{
	static const uint8_t without_value[] = { 6, 1 }, without_length[] = { 6 }, whole[] = { 6, 1, 8 };

	(void)state;
	assert_int_equal(kind_of(without_value, sizeof without_value), DHCP_PXE_BINL);
	assert_int_equal(d.offers[0].lease.pxe_discovery, 0);
	assert_int_equal(kind_of(without_length, sizeof without_length), DHCP_PXE_BINL);
	assert_int_equal(kind_of(whole, sizeof whole), DHCP_PXE_DISCOVERY);
	assert_int_equal(d.offers[0].lease.pxe_discovery, 8);
}

/* Menu, prompt and server list are read by who shows them; here they are counted, whatever their lengths inside. */
static void seen_c_d_e_menu_prompt_and_server_list_of_any_length_are_passed_over(void **state)
{
	uint8_t vendor[255];

	(void)state;
	for (uint8_t tag = 8; tag <= 10; tag++)
		for (unsigned inner = 0; inner < 256; inner++)
			for (uint8_t len = 0; len < 8; len++) {
				memset(vendor, (int)inner, sizeof vendor);
				vendor[0] = tag;
				vendor[1] = len;
				vendor[2u + len] = OPT_END;
				assert_int_equal(kind_of(vendor, 3u + len), DHCP_PXE_DISCOVERY);
			}
}

static void seen_f_a_hardware_address_of_no_length_matches_nobody(void **state)
{
	(void)state;
	start();
	for (unsigned len = 0; len < 256; len++) {
		if (len == 6)
			continue;
		reply(DHCP_OFFER, OUR_IP, SERVER);
		r.bytes[2] = (uint8_t)len;
		deliver(S);
	}
	assert_int_equal(d.malformed, 255);
	for (size_t i = 0; i < 6; i++) {
		reply(DHCP_OFFER, OUR_IP, SERVER);
		r.bytes[FAKE_CHADDR_AT + i] ^= 0x80;
		deliver(S);
	}
	assert_int_equal(d.foreign, 6);
	assert_int_equal(d.offer_count, 0);
}

static void seen_g_an_offer_without_option_54_and_siaddr(void **state)
{
	struct datagram in = { .src_port = 67, .dst_port = 68 };

	(void)state;
	start();
	fake_reply(&r, DHCP_OFFER, d.xid, who.mac, OUR_IP);
	fake_text(&r, OPT_BOOT_FILE, "rill.kpxe");
	fake_end(&r);
	in.payload = rd_over(r.bytes, r.len);
	dhcp_rx(&d, S, &in);
	assert_string_equal(d.offers[0].unusable, "it does not say whose it is (option 54)");
	assert_int_equal(tx(S), 0);
	in.src_ip = OTHER;
	dhcp_rx(&d, S, &in);
	assert_int_equal(tx(S), DHCP_REQUEST);
	assert_int_equal(sent_ip(OPT_SERVER_ID), OTHER);
	assert_int_equal(d.offers[d.chosen].lease.next_server, OTHER);
}

/* dnsmasq once sent it so: others took the next option for a part of the name, or wrote a NUL over its code. */
static void seen_h_a_boot_file_without_a_nul_and_the_option_behind_it(void **state)
{
	(void)state;
	for (int with_nul = 0; with_nul < 2; with_nul++) {
		start();
		reply(DHCP_OFFER, OUR_IP, SERVER);
		fake_option(&r, OPT_BOOT_FILE, "rill.kpxe", with_nul ? 10 : 9);
		fake_text(&r, OPT_ROOT_PATH, "/root");
		fake_text(&r, OPT_BOOT_FILE, "");
		wr_u8(&r.w, OPT_END);
		deliver_raw(r.len + 1);
		assert_string_equal(d.incoming.lease.boot_file, "rill.kpxe");
		assert_string_equal(d.incoming.lease.root_path, "/root");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cve_2023_45229_an_option_longer_than_what_holds_it),
		cmocka_unit_test(cve_2023_45229_a_sub_option_longer_than_option_43),
		cmocka_unit_test(cve_2023_45230_and_45235_a_long_server_id_stays_out_of_our_request),
		cmocka_unit_test(cve_2023_45231_an_option_cut_off_after_its_code),
		cmocka_unit_test(cve_2023_45232_and_45233_options_without_a_value_end),
		cmocka_unit_test(cve_2023_45234_a_list_of_dns_servers_longer_than_its_place),
		cmocka_unit_test(cve_2023_45237_transaction_numbers_do_not_follow_from_each_other),
		cmocka_unit_test(cve_2024_38805_a_text_as_long_as_its_place_ends_all_the_same),
		cmocka_unit_test(edk2_3f55418d53_two_servers_in_turns_and_proxies_without_a_file),
		cmocka_unit_test(seen_a_a_sub_option_of_254_bytes_in_an_option_43_of_255),
		cmocka_unit_test(seen_b_a_sub_option_whose_value_is_not_there),
		cmocka_unit_test(seen_c_d_e_menu_prompt_and_server_list_of_any_length_are_passed_over),
		cmocka_unit_test(seen_f_a_hardware_address_of_no_length_matches_nobody),
		cmocka_unit_test(seen_g_an_offer_without_option_54_and_siaddr),
		cmocka_unit_test(seen_h_a_boot_file_without_a_nul_and_the_option_behind_it),
	};

	return cmocka_run_group_tests_name("dhcp_cve", tests, NULL, NULL);
}
