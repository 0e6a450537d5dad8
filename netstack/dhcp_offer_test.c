/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Which offer is taken, when, and what becomes of the others. */
#include "netstack/dhcp_offer.h"
#include "netstack/dhcp_script.h"

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

/* What the rows of docs/dhcp.md's ranking are made of. Only the last two say what to boot: so nothing ends too soon. */
enum part { PLAIN, PXE, MTFTP, BINL, PROXY_PXE, PROXY_MTFTP, PROXY_BINL, FILE_NAME, BOOTP };

static const struct { enum dhcp_type type; uint32_t ip; const char *class, *vendor, *file; } parts[] = {
	[PLAIN]       = { DHCP_OFFER, OUR_IP, NULL,          NULL,               NULL },
	[PXE]         = { DHCP_OFFER, OUR_IP, "PXEClient",   "\x06\x01\x08\xff", NULL },
	[MTFTP]       = { DHCP_OFFER, OUR_IP, "PXEClient:x", "\x02\x02\x12\x34", NULL },
	[BINL]        = { DHCP_OFFER, OUR_IP, "PXEClient",   NULL,               NULL },
	[PROXY_PXE]   = { DHCP_OFFER, 0,      "PXEClient",   "\x06\x01\x08\xff", NULL },
	[PROXY_MTFTP] = { DHCP_OFFER, 0,      "PXEClient",   "\x02\x02\x12\x34", NULL },
	[PROXY_BINL]  = { DHCP_OFFER, 0,      "PXEClient",   NULL,               NULL },
	[FILE_NAME]   = { DHCP_OFFER, OUR_IP, NULL,          NULL,               "rill.kpxe" },
	[BOOTP]       = { DHCP_BOOTP, OUR_IP, NULL,          NULL,               "rill.kpxe" },
};

static const struct row { unsigned rank; enum part parts[2]; unsigned count; const char *words; } rows[] = {
	{ DHCP_RANK_PXE, { PXE }, 1,
	  "an address with PXE's discovery (option 60 `PXEClient`, option 43 with tags 6 to 10)" },
	{ DHCP_RANK_MTFTP, { MTFTP }, 1, "an address with multicast TFTP (option 43 with tags 1 to 5)" },
	{ DHCP_RANK_PROXY_PXE, { PLAIN, PROXY_PXE }, 2, "an address alone, and a proxy with PXE's discovery" },
	{ DHCP_RANK_PROXY_MTFTP, { PLAIN, PROXY_MTFTP }, 2, "an address alone, and a proxy with multicast TFTP" },
	{ DHCP_RANK_BINL, { BINL }, 1,
	  "an address of a PXE server that has to be asked on port 4011 (option 60, no option 43), "
	  "unless it names a file" },
	{ DHCP_RANK_PROXY_BINL, { PLAIN, PROXY_BINL }, 2,
	  "an address alone, and a proxy that has to be asked on port 4011" },
	{ DHCP_RANK_FILE, { FILE_NAME }, 1, "an address with a boot file" },
	{ DHCP_RANK_BOOTP, { BOOTP }, 1, "BOOTP with a boot file" },
	{ DHCP_RANK_ADDRESS_ONLY, { PLAIN }, 1, "an address alone" },
};

/* As a packet, from a server of its own. */
static void hear(enum part part, unsigned nth)
{
	reply(parts[part].type, parts[part].ip, SERVER + 0x10 + nth);
	if (parts[part].class)
		fake_text(&r, OPT_CLASS, parts[part].class);
	if (parts[part].vendor)
		fake_option(&r, OPT_VENDOR, parts[part].vendor, 4);
	if (parts[part].file)
		memcpy(r.bytes + FAKE_FILE_AT, parts[part].file, strlen(parts[part].file));
	deliver(S);
}

/* The rank of what is taken, at once or after the wait. */
static unsigned taken(void)
{
	if (d.state == DHCP_DISCOVERING) {
		assert_int_equal(tx(S), 0);
		assert_int_equal(dhcp_wake_at(&d), 3 * S);
		tx(3 * S);
	}
	assert_true(d.state == DHCP_REQUESTING || d.state == DHCP_HOLDING);
	return d.offers[d.chosen].rank;
}

/* Every order of these parts; false: no further one. As digits of a number: those in which none occurs twice. */
static bool nth_order(unsigned n, unsigned count, unsigned order[4])
{
	unsigned seen = 0, i;

	for (i = 0; i < count; i++, n /= count) {
		order[i] = n % count;
		seen |= 1u << order[i];
	}
	return n == 0 && seen == (1u << count) - 1;
}

static void expect_in_every_order(const enum part *all, unsigned count, unsigned rank)
{
	static const unsigned orders[] = { 1, 1, 2, 6, 24 };
	unsigned order[4], tried = 0;

	for (unsigned n = 0; n < 256; n++) {
		if (!nth_order(n, count, order))
			continue;
		start();
		for (unsigned i = 0; i < count; i++)
			hear(all[order[i]], order[i]);
		assert_int_equal(taken(), rank);
		tried++;
	}
	assert_int_equal(tried, orders[count]);
}

static void each_row_of_the_ranking_has_its_rank_in_every_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char row[200];

		snprintf(row, sizeof row, "| %u | %s |\n", rows[i].rank, rows[i].words);
		expect_in_doc(row);
		assert_int_equal(rows[i].rank, i + 1);
		expect_in_every_order(rows[i].parts, rows[i].count, rows[i].rank);
	}
}

static void of_two_rows_the_better_one_is_taken_in_every_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		for (size_t j = i + 1; j < COUNT_OF(rows); j++) {
			enum part all[4];

			if (rows[j].rank == DHCP_RANK_FILE)
				continue;       /* taken at once: the next test */
			memcpy(all, rows[i].parts, rows[i].count * sizeof *all);
			memcpy(all + rows[i].count, rows[j].parts, rows[j].count * sizeof *all);
			expect_in_every_order(all, rows[i].count + rows[j].count, rows[i].rank);
		}
}

static void a_file_is_taken_at_once_whatever_could_come(void **state)
{
	(void)state;
	for (enum part later = PLAIN; later <= BOOTP; later++) {
		start();
		hear(FILE_NAME, 0);
		assert_int_equal(dhcp_wake_at(&d), S);
		assert_int_equal(tx(S), DHCP_REQUEST);
		hear(later, 1);
		assert_int_equal(d.chosen, 0);
		assert_int_equal(d.state, DHCP_REQUESTING);
	}
	start();
	hear(BINL, 0);                                  /* better, and there already: it gets its two seconds */
	hear(FILE_NAME, 1);
	assert_int_equal(taken(), DHCP_RANK_BINL);
}

/* Servers to be asked for what to boot, in an offer or beside it: no reason to wait either. */
static void a_list_of_boot_servers_is_taken_at_once(void **state)
{
	static const char list[] = "\x06\x01\x00\x0a\x02\x00P\xff";

	(void)state;
	start();
	pair(OUR_IP, SERVER, "PXEClient", list, 8);
	assert_int_equal(tx(S), DHCP_REQUEST);
	for (int proxy_first = 0; proxy_first < 2; proxy_first++) {
		start();
		if (proxy_first)
			pair(0, PROXY, "PXEClient", list, 8);
		pair(OUR_IP, SERVER, NULL, NULL, 0);
		assert_int_equal(tx(S), proxy_first ? DHCP_REQUEST : 0);
		if (!proxy_first)
			pair(0, PROXY, "PXEClient", list, 8);
		assert_int_equal(proxy_first ? 0 : tx(S), proxy_first ? 0 : DHCP_REQUEST);
		assert_int_equal(d.offers[d.chosen].rank, DHCP_RANK_PROXY_PXE);
	}
}

static void an_offer_that_is_none_is_told_why(void **state)
{
	static const struct { uint32_t ip; const char *class, *why; } none[] = {
		{ 0x7f000001, NULL, "no host can have that address" },
		{ 0x00000001, NULL, "no host can have that address" },
		{ 0xe0000001, NULL, "no host can have that address" },
		{ 0xffffffff, NULL, "no host can have that address" },
		{ 0xa9fe0101, NULL, "169.254 is for machines that found no DHCP server, nothing boots from there" },
		{ 0, NULL, "no address, and not a PXE server's (option 60)" },
		{ 0, "PXEClien", "no address, and not a PXE server's (option 60)" },
	};

	(void)state;
	start();
	for (unsigned i = 0; i < COUNT_OF(none); i++) {
		pair(none[i].ip, SERVER + 0x10 + i, none[i].class, NULL, 0);
		assert_int_equal(d.offers[i].rank, DHCP_RANK_UNUSABLE);
		assert_string_equal(d.offers[i].unusable, none[i].why);
	}
	reply(DHCP_BOOTP, 0, 0);
	deliver(S);
	assert_string_equal(d.offers[COUNT_OF(none)].unusable, "BOOTP without an address");
	assert_int_equal(d.proxy_count, 0);
	assert_int_equal(tx(3 * S), 0);                 /* so nothing is decided: DISCOVER goes on */
	while (dhcp_wake_at(&d) != NEVER)
		tx(dhcp_wake_at(&d));
	assert_int_equal(d.failure, DHCP_NO_OFFER);
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

/* Sixteen servers that are of no use do not keep the one out that is. */
static void a_seventeenth_server_takes_the_place_of_a_worse_one(void **state)
{
	(void)state;
	start();
	for (uint32_t i = 0; i < DHCP_OFFERS_MAX; i++)
		pair(i == 3 ? OUR_IP : 0x7f000001, SERVER + i, NULL, NULL, 0);
	pair(0, SERVER + 20, "PXEClient", NULL, 0);
	assert_int_equal(d.proxy_count, 1);
	assert_int_equal(d.offer_count, DHCP_OFFERS_MAX);
	assert_int_equal(d.offers[3].rank, DHCP_RANK_PROXY_BINL);       /* the only address stayed */

	start();
	for (uint32_t i = 0; i < DHCP_OFFERS_MAX; i++)
		pair(i ? OUR_IP : 0, SERVER + i, i ? NULL : "PXEClient", NULL, 0);
	pair(0, SERVER + 20, "PXEClient", NULL, 0);                     /* no better than the proxy there */
	pair(0x7f000001, SERVER + 21, NULL, NULL, 0);                   /* of no use */
	assert_int_equal(d.ignored, 2);
	pair(OUR_IP, SERVER + 22, "PXEClient", NULL, 0);
	assert_int_equal(tx(3 * S), DHCP_REQUEST);
	assert_int_equal(sent_ip(OPT_SERVER_ID), SERVER + 22);
	assert_int_equal(d.offers[0].lease.server, SERVER);             /* the proxy is there still */
}

/* Proxies: what to boot before what has to be asked, then the order of the ranking, then who came first. */
static void the_best_proxy_is_the_one_that_says_most(void **state)
{
	static const struct { const char *vendor, *file; } proxies[] = {
		{ NULL, NULL }, { "\x02\x02\x12\x34", NULL }, { "\x06\x01\x08\xff", NULL }, { NULL, "a" },
		{ "\x02\x02\x12\x34", "b" }, { "\x06\x01\x08\xff", "c" }, { "\x06\x01\x08\xff", "d" },
	};

	(void)state;
	start();
	for (unsigned i = 0; i < COUNT_OF(proxies); i++) {
		reply(DHCP_OFFER, 0, SERVER + 0x10 + i);
		fake_text(&r, OPT_CLASS, "PXEClient");
		if (proxies[i].vendor)
			fake_option(&r, OPT_VENDOR, proxies[i].vendor, 4);
		if (proxies[i].file)
			fake_text(&r, OPT_BOOT_FILE, proxies[i].file);
		deliver(S);
		assert_int_equal(dhcp_offer_best_proxy(&d)->lease.server, SERVER + 0x10 + (i == 6 ? 5 : i));
	}
}

static void how_long_a_proxy_is_waited_for_can_be_said(void **state)
{
	struct dhcp_identity patient = who;

	(void)state;
	patient.proxy_wait_ms = 11000;                  /* PXE's own: two DISCOVERs more */
	dhcp_init(&d, &patient, NULL, 0, 1);
	assert_int_equal(tx(0), DHCP_DISCOVER);
	pair(OUR_IP, SERVER, NULL, NULL, 0);
	for (unsigned discovers = 1; dhcp_wake_at(&d) < 12 * S; discovers++) {
		assert_int_equal(tx(dhcp_wake_at(&d)), DHCP_DISCOVER);
		assert_true(discovers < 3);
	}
	assert_int_equal(dhcp_wake_at(&d), 12 * S);
	assert_int_equal(tx(12 * S), DHCP_REQUEST);
}

/* The wait was over when it came; the ACK was not there yet. */
static void a_proxy_is_heard_until_the_ack(void **state)
{
	(void)state;
	start();
	pair(OUR_IP, SERVER, NULL, NULL, 0);
	assert_int_equal(tx(3 * S), DHCP_REQUEST);
	pair(OUR_IP + 1, OTHER, NULL, NULL, 0);                         /* an address is not */
	assert_int_equal(d.ignored, 1);
	proxy_offer(3 * S, true);
	reply(DHCP_ACK, OUR_IP, SERVER);
	deliver(3 * S);
	assert_string_equal(d.lease.boot_file, "boot/rill.kpxe");
	assert_int_equal(d.lease.next_server, PROXY);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_alone_waits_two_seconds_for_a_proxy),
		cmocka_unit_test(a_proxy_adds_what_to_boot),
		cmocka_unit_test(proxies_alone_are_e52),
		cmocka_unit_test(each_row_of_the_ranking_has_its_rank_in_every_order),
		cmocka_unit_test(of_two_rows_the_better_one_is_taken_in_every_order),
		cmocka_unit_test(a_file_is_taken_at_once_whatever_could_come),
		cmocka_unit_test(a_list_of_boot_servers_is_taken_at_once),
		cmocka_unit_test(an_offer_that_is_none_is_told_why),
		cmocka_unit_test(a_seventeenth_server_is_one_too_many),
		cmocka_unit_test(a_seventeenth_server_takes_the_place_of_a_worse_one),
		cmocka_unit_test(the_best_proxy_is_the_one_that_says_most),
		cmocka_unit_test(how_long_a_proxy_is_waited_for_can_be_said),
		cmocka_unit_test(a_proxy_is_heard_until_the_ack),
		cmocka_unit_test(bootp_is_taken_when_nothing_better_comes),
		cmocka_unit_test(an_unanswered_request_turns_to_the_next_offer),
	};

	return cmocka_run_group_tests_name("dhcp_offer", tests, NULL, NULL);
}
