/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/wire/pxe.h"

enum { LAST_BIT = 15, FIRST_SHOWN = 0x20, LAST_SHOWN = 0x7e };

/* The one place where option 43 is little-endian: Intel's MTFTP ports came from x86 tools as they lay in memory. */
static uint16_t read_port(struct rd *r)
{
	uint8_t low = rd_u8(r), high = rd_u8(r);

	return (uint16_t)((unsigned)high << 8 | low);
}

bool pxe_next_servers(struct rd *servers, struct pxe_servers *s)
{
	if (rd_left(servers) == 0)
		return false;
	s->type      = rd_be16(servers);
	s->addresses = rd_sub(servers, (size_t)rd_u8(servers) * 4);
	return rd_ok(servers);
}

bool pxe_next_item(struct rd *menu, struct pxe_menu_item *item)
{
	if (rd_left(menu) == 0)
		return false;
	item->type = rd_be16(menu);
	item->text = rd_sub(menu, rd_u8(menu));
	return rd_ok(menu);
}

/* To their ends, so that nobody after us finds one that is cut. */
static bool is_list(struct rd servers)
{
	struct pxe_servers s;

	while (pxe_next_servers(&servers, &s))
		;
	return rd_ok(&servers);
}

static bool is_menu(struct rd menu)
{
	struct pxe_menu_item item;

	while (pxe_next_item(&menu, &item))
		;
	return rd_ok(&menu);
}

/* Takes a value that has a list or text in it; *to sees all that is left of it. */
static void take_rest(struct rd *value, struct rd *to)
{
	*to = rd_sub(value, rd_left(value));
}

/* False: not what its type has. */
static bool read_value(struct pxe_option *o, uint8_t tag, struct rd value)
{
	bool is_good = true;

	switch (tag) {
	case PXE_MTFTP_IP:          o->mtftp.ip          = rd_be32(&value); break;
	case PXE_MTFTP_CLIENT_PORT: o->mtftp.client_port = read_port(&value); break;
	case PXE_MTFTP_SERVER_PORT: o->mtftp.server_port = read_port(&value); break;
	case PXE_MTFTP_TIMEOUT:     o->mtftp.timeout_s   = rd_u8(&value); break;
	case PXE_MTFTP_DELAY:       o->mtftp.delay_s     = rd_u8(&value); break;
	case PXE_DISCOVERY:         o->discovery         = rd_u8(&value); break;
	case PXE_DISCOVERY_IP:      o->discovery_ip      = rd_be32(&value); break;
	case PXE_SERVERS:
		take_rest(&value, &o->servers);
		is_good = is_list(o->servers);
		break;
	case PXE_MENU:
		take_rest(&value, &o->menu);
		is_good = is_menu(o->menu);
		break;
	case PXE_PROMPT:
		o->prompt_s = rd_u8(&value);
		take_rest(&value, &o->prompt);
		break;
	case PXE_CREDENTIALS:
		take_rest(&value, &o->credentials);
		is_good = rd_left(&o->credentials) % 4 == 0;
		break;
	case PXE_ITEM:
		o->item_type  = rd_be16(&value);
		o->item_layer = rd_be16(&value);
		o->has_item   = true;
		break;
	default:
		return true;
	}
	if (tag <= LAST_BIT)
		o->has = (uint16_t)(o->has | 1u << tag);
	return is_good && rd_done(&value);
}

bool pxe_parse(struct rd value, struct pxe_option *o)
{
	bool is_good = true;

	memset(o, 0, sizeof *o);
	while (is_good && rd_left(&value)) {
		uint8_t tag = rd_u8(&value);
		struct rd sub;

		if (tag == PXE_PAD)
			continue;
		if (tag == PXE_END)
			break;
		sub = rd_sub(&value, rd_u8(&value));
		is_good = rd_ok(&value) && read_value(o, tag, sub);
	}
	if (!is_good)
		memset(o, 0, sizeof *o);
	return is_good;
}

size_t pxe_text(struct rd text, char *room, size_t size)
{
	size_t used = 0;

	while (rd_left(&text) && used + 1 < size) {
		uint8_t c = rd_u8(&text);

		if (c == 0)
			break;
		room[used++] = c >= FIRST_SHOWN && c <= LAST_SHOWN ? (char)c : '?';
	}
	room[used] = 0;
	return used;
}

/* ---- writing ---- */

static void emit_u8(struct wr *w, enum pxe_tag tag, uint8_t value)
{
	wr_u8(w, (uint8_t)tag);
	wr_u8(w, 1);
	wr_u8(w, value);
}

static void emit_port(struct wr *w, enum pxe_tag tag, uint16_t port)
{
	wr_u8(w, (uint8_t)tag);
	wr_u8(w, 2);
	wr_u8(w, (uint8_t)port);
	wr_u8(w, (uint8_t)(port >> 8));
}

static void emit_ip(struct wr *w, enum pxe_tag tag, uint32_t ip)
{
	wr_u8(w, (uint8_t)tag);
	wr_u8(w, 4);
	wr_be32(w, ip);
}

static void emit_bytes(struct wr *w, enum pxe_tag tag, struct rd bytes)
{
	if (rd_left(&bytes) > UINT8_MAX)
		w->bad = true;
	wr_u8(w, (uint8_t)tag);
	wr_u8(w, (uint8_t)rd_left(&bytes));
	wr_rest(w, bytes);
}

static void emit_mtftp(struct wr *w, const struct pxe_option *o)
{
	if (pxe_has(o, PXE_MTFTP_IP))
		emit_ip(w, PXE_MTFTP_IP, o->mtftp.ip);
	if (pxe_has(o, PXE_MTFTP_CLIENT_PORT))
		emit_port(w, PXE_MTFTP_CLIENT_PORT, o->mtftp.client_port);
	if (pxe_has(o, PXE_MTFTP_SERVER_PORT))
		emit_port(w, PXE_MTFTP_SERVER_PORT, o->mtftp.server_port);
	if (pxe_has(o, PXE_MTFTP_TIMEOUT))
		emit_u8(w, PXE_MTFTP_TIMEOUT, o->mtftp.timeout_s);
	if (pxe_has(o, PXE_MTFTP_DELAY))
		emit_u8(w, PXE_MTFTP_DELAY, o->mtftp.delay_s);
}

static void emit_prompt(struct wr *w, const struct pxe_option *o)
{
	if (rd_left(&o->prompt) >= UINT8_MAX)
		w->bad = true;
	wr_u8(w, PXE_PROMPT);
	wr_u8(w, (uint8_t)(1 + rd_left(&o->prompt)));
	wr_u8(w, o->prompt_s);
	wr_rest(w, o->prompt);
}

void pxe_emit(struct wr *w, const struct pxe_option *o)
{
	emit_mtftp(w, o);
	if (pxe_has(o, PXE_DISCOVERY))
		emit_u8(w, PXE_DISCOVERY, o->discovery);
	if (pxe_has(o, PXE_DISCOVERY_IP))
		emit_ip(w, PXE_DISCOVERY_IP, o->discovery_ip);
	if (pxe_has(o, PXE_SERVERS))
		emit_bytes(w, PXE_SERVERS, o->servers);
	if (pxe_has(o, PXE_MENU))
		emit_bytes(w, PXE_MENU, o->menu);
	if (pxe_has(o, PXE_PROMPT))
		emit_prompt(w, o);
	if (pxe_has(o, PXE_CREDENTIALS))
		emit_bytes(w, PXE_CREDENTIALS, o->credentials);
	if (o->has_item) {
		wr_u8(w, PXE_ITEM);
		wr_u8(w, 4);
		wr_be16(w, o->item_type);
		wr_be16(w, o->item_layer);
	}
	wr_u8(w, PXE_END);
}
