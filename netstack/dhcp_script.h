/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_DHCP_SCRIPT_H
#define NETSTACK_DHCP_SCRIPT_H
/* One DHCP client, d, and the scripted network its tests talk to it with. Host only; for *_test.c. */
#include "lib/test.h"
#include "netstack/dhcp.h"
#include "netstack/wire/dhcp_fake.h"

static const struct dhcp_identity who = { .mac = { 2, 0, 0, 0, 0, 1 }, .undi_major = 2, .undi_minor = 1 };

enum { OUR_IP = 0xc0a8012a, SERVER = 0xc0a80101, OTHER = 0xc0a80102, PROXY = 0xc0a80103, ROUTER = 0xc0a801fe };
enum { LEASE_S = 600 };

static struct dhcp d;
static struct fake_reply r;
static uint8_t sent[DHCP_SIZE_MAX];
static size_t sent_len;
static struct flow flow;
static const usec S = USEC_PER_S;

/* What is sent now: its option 53, or 0 for nothing. Option 53 always stands first. */
static inline unsigned tx(usec now)
{
	struct wr w = wr_over(sent, sizeof sent);

	if (!dhcp_tx(&d, now, &w, &flow))
		return 0;
	assert_true(wr_ok(&w));
	sent_len = wr_used(&w, sent);
	assert_int_equal(flow.src_port, 68);
	assert_int_equal(flow.dst_port, 67);
	return sent[FAKE_OPTIONS_AT + 2];
}

/* An address option of what was sent last, or 0. */
static inline uint32_t sent_ip(enum dhcp_option code)
{
	struct rd r_ = rd_over(sent, sent_len);

	rd_skip(&r_, FAKE_OPTIONS_AT);
	while (rd_left(&r_)) {
		uint8_t found = rd_u8(&r_);
		struct rd value = rd_sub(&r_, rd_u8(&r_));

		if (found == code)
			return rd_be32(&value);
		if (found == OPT_END)
			break;
	}
	return 0;
}

static inline uint32_t sent_field(size_t at)
{
	struct rd f = rd_over(sent + at, 4);

	return rd_be32(&f);
}

/* Fails unless docs/dhcp.md has this line. Runs from the root of the tree. */
static inline void expect_in_doc(const char *line)
{
	static char doc[20000];
	FILE *f = fopen("docs/dhcp.md", "r");
	size_t len;

	if (!f)
		fail_msg("docs/dhcp.md: cannot be read; run the test from the root of the tree");
	len = fread(doc, 1, sizeof doc - 1, f);
	fclose(f);
	assert_in_range(len, 1000, sizeof doc - 2);
	doc[len] = '\0';
	if (!strstr(doc, line))
		fail_msg("docs/dhcp.md does not have the line\n%s", line);
}

/* A reply to us; the caller adds options and calls deliver(). */
static inline void reply(enum dhcp_type type, uint32_t ip, uint32_t server)
{
	fake_reply(&r, type, d.xid, who.mac, ip);
	if (type != DHCP_BOOTP)
		fake_ip(&r, OPT_SERVER_ID, server);
	if (ip) {
		fake_ip(&r, OPT_NETMASK, 0xffffff00);
		fake_ip(&r, OPT_ROUTER, ROUTER);
	}
	if (ip && type != DHCP_BOOTP)
		fake_ip(&r, OPT_LEASE_TIME, LEASE_S);
}

static inline void deliver(usec now)
{
	struct datagram in = { .src_ip = SERVER, .src_port = 67, .dst_port = 68 };
	uint8_t *copy;

	fake_end(&r);
	copy = exact_copy(r.bytes, r.len);
	in.payload = rd_over(copy, r.len);
	dhcp_rx(&d, now, &in);
	free(copy);
}

static inline void start(void)
{
	dhcp_init(&d, &who, NULL, 0, 1);
	assert_int_equal(tx(0), DHCP_DISCOVER);
	assert_int_equal(tx(0), 0);
}

static inline void bind_with_file(usec now)
{
	reply(DHCP_OFFER, OUR_IP, SERVER);
	fake_text(&r, OPT_BOOT_FILE, "rill.kpxe");
	deliver(now);
	assert_int_equal(tx(now), DHCP_REQUEST);
	reply(DHCP_ACK, OUR_IP, SERVER);
	fake_text(&r, OPT_BOOT_FILE, "rill.kpxe");
	deliver(now);
	assert_int_equal(dhcp_status(&d), DHCP_BOUND);
}

static inline void proxy_offer(usec now, bool has_file)
{
	reply(DHCP_OFFER, 0, PROXY);
	fake_text(&r, OPT_CLASS, "PXEClient");
	fake_option(&r, OPT_VENDOR, "\x06\x01\x08\xff", 4);
	fake_field(&r, FAKE_SIADDR_AT, PROXY);
	if (has_file)
		memcpy(r.bytes + FAKE_FILE_AT, "boot/rill.kpxe", 14);
	deliver(now);
}

static inline void pair(uint32_t ip, uint32_t server, const char *class, const char *vendor, size_t vendor_len)
{
	reply(DHCP_OFFER, ip, server);
	if (class)
		fake_text(&r, OPT_CLASS, class);
	if (vendor)
		fake_option(&r, OPT_VENDOR, vendor, vendor_len);
	deliver(S);
}
#endif
