/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_WIRE_DHCP_FAKE_H
#define NETSTACK_WIRE_DHCP_FAKE_H
/*
 * What a DHCP server says, for tests: a reply built field by field. Host only.
 *
 *     fake_reply(&r, DHCP_OFFER, xid, mac, ip);  fake_ip(&r, OPT_NETMASK, mask);  fake_text(&r, OPT_BOOT_FILE, "x");
 *     fake_end(&r);                              r.bytes, r.len
 */
#include "netstack/wire/dhcp.h"

enum { FAKE_SIADDR_AT = 20, FAKE_GIADDR_AT = 24, FAKE_CHADDR_AT = 28, FAKE_SNAME_AT = 44, FAKE_FILE_AT = 108,
       FAKE_MAGIC_AT = 236, FAKE_OPTIONS_AT = 240 };

struct fake_reply { uint8_t bytes[DHCP_SIZE_MAX]; struct wr w; size_t len; };        /* not to be copied */

static inline void fake_option(struct fake_reply *r, enum dhcp_option code, const void *value, size_t len)
{
	wr_u8(&r->w, (uint8_t)code);
	wr_u8(&r->w, (uint8_t)len);
	wr_bytes(&r->w, value, len);
	r->len = wr_used(&r->w, r->bytes);
}

static inline void fake_ip(struct fake_reply *r, enum dhcp_option code, uint32_t ip)
{
	uint8_t value[4];
	struct wr w = wr_over(value, sizeof value);

	wr_be32(&w, ip);
	fake_option(r, code, value, sizeof value);
}

static inline void fake_text(struct fake_reply *r, enum dhcp_option code, const char *text)
{
	fake_option(r, code, text, strlen(text));
}

/* Into a fixed field: siaddr, giaddr. */
static inline void fake_field(struct fake_reply *r, size_t at, uint32_t ip)
{
	struct wr w = wr_over(r->bytes + at, 4);

	wr_be32(&w, ip);
}

/* type DHCP_BOOTP leaves option 53 out. */
static inline void fake_reply(struct fake_reply *r, enum dhcp_type type, uint32_t xid, const uint8_t mac[6],
                              uint32_t ip)
{
	struct wr w = wr_over(r->bytes, sizeof r->bytes);

	memset(r, 0, sizeof *r);
	wr_be32(&w, 0x02010600);
	wr_be32(&w, xid);
	wr_be64(&w, 0);
	wr_be32(&w, ip);
	memcpy(r->bytes + FAKE_CHADDR_AT, mac, 6);
	fake_field(r, FAKE_MAGIC_AT, 0x63825363);
	r->len = FAKE_OPTIONS_AT;
	r->w   = wr_over(r->bytes + FAKE_OPTIONS_AT, sizeof r->bytes - FAKE_OPTIONS_AT);
	if (type != DHCP_BOOTP)
		fake_option(r, OPT_TYPE, (const uint8_t[]){ (uint8_t)type }, 1);
}

static inline void fake_end(struct fake_reply *r)
{
	wr_u8(&r->w, OPT_END);
	r->len = wr_used(&r->w, r->bytes);
}
#endif
