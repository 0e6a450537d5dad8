/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What a failure's report says of offers, and that it fits a screen. */
#include "lib/fmt.h"
#include "lib/test.h"
#include "loader/boot.h"
#include "netstack/nic_fake.h"

enum { A = 0x0a000001, B = 0x0a000002, PROXY = 0x0a000003, ADDRESS = 0x0a000032 };

static const uint8_t mac[6] = { 0x52, 0x54, 0, 0, 0, 1 };

static struct attachment attachment;
static struct boot boot;
static struct nic_fake card;
static struct port port;
static struct platform platform;
static char said[32 * 1024];
static size_t said_len;

static usec now(struct port *p)
{
	(void)p;
	return 0;
}

static void put(struct log *log, char c)
{
	(void)log;
	assert_true(said_len < sizeof said - 1);
	said[said_len++] = c;
	said[said_len] = 0;
}

static int fresh(void **state)
{
	(void)state;
	fake_init(&card, mac);
	port = (struct port){ .now = now, .log = { .put_char = put } };
	platform = (struct platform){ .port = &port, .nic = &card.nic };
	boot_init(&boot, &platform, &attachment);
	memset(&attachment.dhcp, 0, sizeof attachment.dhcp);
	attachment.has_dhcp = true;
	attachment.dhcp.state = DHCP_REQUESTING;
	boot.failure = FAILURE_NO_BOOT_FILE;
	boot.failed_step = STEP_PLAN;
	said[said_len = 0] = 0;
	return 0;
}

static int done(void **state)
{
	(void)state;
	fake_take_back(&card);
	return 0;
}

static struct dhcp_offer *add(uint32_t server, uint32_t ip, unsigned rank, const char *file)
{
	struct dhcp_offer *o = &attachment.dhcp.offers[attachment.dhcp.offer_count++];

	o->lease.server = server;
	o->lease.address.ip = ip;
	o->rank = rank;
	fmt_text(o->lease.boot_file, sizeof o->lease.boot_file, "%s", file);
	return o;
}

static void expect(const char *text)
{
	if (!said_len)
		report_write(&boot);
	if (!strstr(said, text))
		fail_msg("not \"%s\" in:\n%s", text, said);
}

static void each_offer_says_why_it_was_taken_or_not(void **state)
{
	(void)state;
	add(A, ADDRESS + 1, DHCP_RANK_ADDRESS_ONLY, "");
	add(B, ADDRESS, DHCP_RANK_FILE, "pxelinux.0");
	add(PROXY, 0, DHCP_RANK_PXE, "");
	add(A + 9, ADDRESS + 2, DHCP_RANK_FILE, "other.0");
	add(A + 10, 0xe0000001, DHCP_RANK_UNUSABLE, "")->unusable = "no host can have that address";
	attachment.dhcp.chosen = 1;
	expect("  offer of 10.0.0.1: 10.0.0.51; less: an address and nothing to boot\n");
	expect("  offer of 10.0.0.2: 10.0.0.50, boot file pxelinux.0; taken\n");
	expect("  offer of 10.0.0.3: no address; a proxy's, not needed: the offer that was taken says what to boot\n");
	expect("  offer of 10.0.0.10: 10.0.0.52, boot file other.0; no better, and later\n");
	expect("  offer of 10.0.0.11: 224.0.0.1; no host can have that address\n");
}

static void a_proxy_that_was_joined_says_so(void **state)
{
	(void)state;
	add(A, ADDRESS, DHCP_RANK_PROXY_PXE, "");
	add(PROXY, 0, DHCP_RANK_PXE, "");
	expect("  offer of 10.0.0.1: 10.0.0.50; taken\n");
	expect("  offer of 10.0.0.3: no address; a proxy's, joined to the offer that was taken\n");
}

static void without_an_address_no_proxy_helps(void **state)
{
	(void)state;
	boot.failure = FAILURE_PROXY_ONLY;
	boot.failed_step = STEP_LEASE;
	attachment.dhcp.state = DHCP_ENDED;
	attachment.dhcp.failure = DHCP_PROXY_ONLY;
	add(PROXY, 0, DHCP_RANK_PXE, "menu.0");
	expect("  offer of 10.0.0.3: no address, boot file menu.0; a proxy's, and no address came to go with it\n");
}

static void later_failures_are_not_about_offers(void **state)
{
	(void)state;
	boot.failed_step = STEP_ATTACH;
	add(A, ADDRESS, DHCP_RANK_FILE, "pxelinux.0");
	expect("PXE-E53");
	assert_null(strstr(said, "offer of"));
}

static void counters_are_told_in_words(void **state)
{
	struct net_counters *n = &attachment.net.dropped;

	(void)state;
	n->ip_fragment = 3;
	n->udp_malformed = n->icmp_malformed = 1;
	n->udp_closed = n->foreign_mac = 2;
	attachment.dhcp.foreign = 4;
	expect("  3 packets came in fragments");
	expect("  2 packets were malformed");
	expect("  4 DHCP packets were for another machine");
	assert_null(strstr(said, "wrong checksum"));
	assert_null(strstr(said, "  2 d"));
}

/* 25 lines of 80 columns, of which the countdown needs one: the code must not scroll away. */
static void the_verdict_is_on_the_screen_in_the_worst_case(void **state)
{
	static const uint8_t frame[60];
	uint32_t *counter = &attachment.net.dropped.short_frame;
	unsigned rows = 0, column = 0;

	(void)state;
	for (unsigned i = 0; i < DHCP_OFFERS_MAX; i++)
		add(A + i, ADDRESS + i, DHCP_RANK_FILE, "pxelinux.0");
	for (unsigned i = 0; i < PACKET_LOG_PACKETS; i++)
		boot.packets.nic.send(&boot.packets.nic, frame, sizeof frame);
	counter[0] = attachment.net.dropped.ip_fragment = attachment.net.dropped.card_busy = 1;
	fmt_text(boot.detail, sizeof boot.detail, "%s", "the offer of 10.0.0.1 has the options 1 3 28 51 53 54 58 59");
	expect("  10 more offers came\n");
	assert_true(strstr(said, "PXE-E53: ") > strstr(said, " -> "));          /* packets come before it */
	for (const char *at = strstr(said, "PXE-E53: "); *at; at++) {
		column = *at == '\n' ? 0 : column + 1;
		rows  += *at == '\n' || column > 80;
		column = column > 80 ? 1 : column;
	}
	assert_in_range(rows, 10, 24);
}

int main(void)
{
#define fresh_test(f) cmocka_unit_test_setup_teardown(f, fresh, done)
	const struct CMUnitTest tests[] = {
		fresh_test(each_offer_says_why_it_was_taken_or_not),
		fresh_test(a_proxy_that_was_joined_says_so),
		fresh_test(without_an_address_no_proxy_helps),
		fresh_test(later_failures_are_not_about_offers),
		fresh_test(counters_are_told_in_words),
		fresh_test(the_verdict_is_on_the_screen_in_the_worst_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
