/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_PXE_BOOT_SCRIPT_H
#define NETSTACK_PXE_BOOT_SCRIPT_H
/* One question to boot servers, p, and the scripted network its tests talk to it with. Host only; for *_test.c. */
#include "lib/test.h"
#include "netstack/pxe_boot.h"
#include "netstack/wire/dhcp_fake.h"

enum {
	OUR_IP = 0x0a000032, BINL = 0x0a000001, LISTED = 0x0a000002, LISTED_TOO = 0x0a000003, STRANGER = 0x0a000063,
	GROUP = 0xe0000102, TYPE = 15,
};

static const struct dhcp_identity who = {
	.mac = { 2, 0, 0, 0, 0, 1 }, .uuid = { 1, 2, 3 }, .architecture = 7, .undi_major = 3, .undi_minor = 16,
};
static const usec S = USEC_PER_S;

static struct pxe_boot p;
static struct fake_reply r;
static uint8_t sent[DHCP_SIZE_MAX];
static struct flow flow;

/* The type of what is sent now, or 0. */
static inline unsigned tx(usec now)
{
	struct wr w = wr_over(sent, sizeof sent);

	memset(sent, 0, sizeof sent);
	if (!pxe_boot_tx(&p, now, &w, &flow))
		return 0;
	assert_true(wr_ok(&w));
	assert_int_equal(flow.src_port, 68);
	return sent[FAKE_OPTIONS_AT + 2];
}

/* An option of what was sent, found as a server finds it. */
static inline size_t sent_option(uint8_t code, uint8_t room[64])
{
	struct rd in = rd_over(sent, sizeof sent);

	rd_skip(&in, FAKE_OPTIONS_AT);
	while (rd_left(&in)) {
		uint8_t found = rd_u8(&in);
		struct rd value;

		if (found == OPT_END)
			return 0;
		value = rd_sub(&in, rd_u8(&in));
		if (found == code) {
			size_t len = min_size(rd_left(&value), 64);

			rd_bytes(&value, room, len);
			return len;
		}
	}
	return 0;
}

static inline struct pxe_option option_of(const void *bytes, size_t len)
{
	struct pxe_option o;

	assert_true(pxe_parse(rd_over(bytes, len), &o));
	return o;
}

static inline void ask_binl(void)
{
	struct pxe_boot_ask ask;

	pxe_boot_ask_server(&ask, BINL);
	pxe_boot_init(&p, &ask, &who, OUR_IP, NULL, 0, 7);
}

static inline void ask_type(const void *bytes, size_t len)
{
	const struct pxe_option o = option_of(bytes, len);
	struct pxe_boot_ask ask;

	pxe_boot_ask_item(&ask, &o, TYPE);
	pxe_boot_init(&p, &ask, &who, OUR_IP, NULL, 0, 7);
}

/* Multicast, broadcast and two servers for our type, and one for another. */
static const uint8_t every_way[] = {
	7, 4, 224, 0, 1, 2, 8, 18, 0, TYPE, 2, 10, 0, 0, 2, 10, 0, 0, 3, 0, 16, 1, 10, 0, 0, 99,
};

static inline void answer(enum dhcp_type type, const char *file)
{
	fake_reply(&r, type, p.xid, who.mac, 0);
	fake_text(&r, OPT_CLASS, "PXEClient");
	if (file)
		fake_text(&r, OPT_BOOT_FILE, file);
}

static inline void answer_item(uint16_t type, uint16_t layer)
{
	const uint8_t value[] = {
		71, 4, (uint8_t)(type >> 8), (uint8_t)type, (uint8_t)(layer >> 8), (uint8_t)layer, 255,
	};

	answer(DHCP_ACK, "boot.0");
	fake_option(&r, OPT_VENDOR, value, sizeof value);
}

static inline bool deliver_from(usec now, uint32_t from, uint16_t port)
{
	uint8_t *copy;
	struct datagram in = { .src_ip = from, .src_port = port, .dst_port = 68 };
	bool ours;

	fake_end(&r);
	copy = exact_copy(r.bytes, r.len);
	in.payload = rd_over(copy, r.len);
	ours = pxe_boot_rx(&p, now, &in);
	free(copy);
	return ours;
}

static inline bool deliver(usec now, uint32_t from) { return deliver_from(now, from, PXE_BOOT_PORT); }
#endif
