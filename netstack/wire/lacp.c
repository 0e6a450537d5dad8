/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/wire/lacp.h"

enum {
	VERSION = 1,
	ACTOR = 1, PARTNER = 2, COLLECTOR = 3, MARKER = 1, MARKER_ANSWER = 2,   /* what an item is about, */
	PARTY_BYTES = 20, COLLECTOR_BYTES = 16, MARKER_BYTES = 16,              /* and its length, head and all */
	PARTY_RESERVED = 3, COLLECTOR_RESERVED = 12, MARKER_PAD = 2, LACP_END = 52, MARKER_END = 92,
};

const uint8_t slow_group[6] = { 0x01, 0x80, 0xc2, 0, 0, 2 };

enum slow_protocol slow_parse(struct rd *payload)
{
	uint8_t protocol = rd_u8(payload);

	return protocol == SLOW_LACP || protocol == SLOW_MARKER ? (enum slow_protocol)protocol : SLOW_UNKNOWN;
}

/* An item of this kind and length comes next. */
static bool is_next(struct rd *r, uint8_t kind, uint8_t bytes)
{
	uint8_t its_kind = rd_u8(r), its_bytes = rd_u8(r);

	return its_kind == kind && its_bytes == bytes;
}

static bool read_party(struct rd *r, uint8_t kind, struct lacp_party *p)
{
	if (!is_next(r, kind, PARTY_BYTES))
		return false;
	p->system_priority = rd_be16(r);
	rd_bytes(r, p->system, sizeof p->system);
	p->key = rd_be16(r);
	p->port_priority = rd_be16(r);
	p->port = rd_be16(r);
	p->state = rd_u8(r);
	rd_skip(r, PARTY_RESERVED);
	return rd_ok(r);
}

bool lacp_parse(struct rd payload, struct lacp_pdu *p)
{
	return rd_u8(&payload) >= VERSION && read_party(&payload, ACTOR, &p->actor)
	    && read_party(&payload, PARTNER, &p->partner);
}

bool lacp_parse_marker(struct rd payload, struct lacp_marker *m)
{
	if (rd_u8(&payload) < VERSION || !is_next(&payload, MARKER, MARKER_BYTES))
		return false;
	m->port = rd_be16(&payload);
	rd_bytes(&payload, m->system, sizeof m->system);
	m->transaction = rd_be32(&payload);
	rd_skip(&payload, MARKER_PAD);
	return rd_ok(&payload);
}

static void zeros(struct wr *w, unsigned count)
{
	while (count--)
		wr_u8(w, 0);
}

static void begin_item(struct wr *w, uint8_t kind, uint8_t bytes)
{
	wr_u8(w, kind);
	wr_u8(w, bytes);
}

static void emit_party(struct wr *w, uint8_t kind, const struct lacp_party *p)
{
	begin_item(w, kind, PARTY_BYTES);
	wr_be16(w, p->system_priority);
	wr_bytes(w, p->system, sizeof p->system);
	wr_be16(w, p->key);
	wr_be16(w, p->port_priority);
	wr_be16(w, p->port);
	wr_u8(w, p->state);
	zeros(w, PARTY_RESERVED);
}

void lacp_emit(struct wr *w, const struct lacp_pdu *p)
{
	wr_u8(w, SLOW_LACP);
	wr_u8(w, VERSION);
	emit_party(w, ACTOR, &p->actor);
	emit_party(w, PARTNER, &p->partner);
	begin_item(w, COLLECTOR, COLLECTOR_BYTES);
	wr_be16(w, 0);                  /* a frame that was heard is not held back */
	zeros(w, COLLECTOR_RESERVED + LACP_END);
}

void lacp_emit_marker_answer(struct wr *w, const struct lacp_marker *m)
{
	wr_u8(w, SLOW_MARKER);
	wr_u8(w, VERSION);
	begin_item(w, MARKER_ANSWER, MARKER_BYTES);
	wr_be16(w, m->port);
	wr_bytes(w, m->system, sizeof m->system);
	wr_be32(w, m->transaction);
	zeros(w, MARKER_PAD + MARKER_END);
}
