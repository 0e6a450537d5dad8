/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/wire/tlv.h"

/* How long a value of each protocol type may be (M10), and whether the type may come more than once. */
static const struct { uint16_t min, max; bool repeats; } layouts[] = {
	[TLV_PAD]        = { 0, UINT16_MAX, true },
	[TLV_COOKIE]     = { STREAM_COOKIE_BYTES, STREAM_COOKIE_BYTES, false },
	[TLV_MAC]        = { 6, 6, false },
	[TLV_UUID]       = { 16, 16, false },
	[TLV_ARCH]       = { 2, 2, false },
	[TLV_STAGE]      = { 1, 1, false },
	[TLV_BUILD]      = { 0, TLV_NAME_MAX, false },
	[TLV_DISK]       = { 0, TLV_NAME_MAX, false },
	[TLV_CONTENT]    = { STREAM_CONTENT_BYTES, STREAM_CONTENT_BYTES, false },
	[TLV_WINDOW]     = { 2, 2, false },
	[TLV_SEGMENT]    = { 2, 2, false },
	[TLV_TICKET]     = { 1, STREAM_TICKET_BYTES_MAX, false },
	[TLV_SIZE]       = { 8, 8, false },
	[TLV_MODE]       = { 1, 1, false },
	[TLV_VERSION]    = { 4, 4, false },
	[TLV_SERVER]     = { 18, 18, true },
	[TLV_ROOT_HASH]  = { 1, 65, false },
	[TLV_PERSONALITY] = { 1, UINT16_MAX, true },
	[TLV_EXPIRES]    = { 4, 4, false },
	[TLV_REASON]     = { 2, 2, false },
	[TLV_TEXT]       = { 0, TLV_TEXT_MAX, false },
	[TLV_WAIT_MS]    = { 4, 4, false },
	[TLV_MENU]       = { 2, TLV_MENU_BYTES_MAX, true },
	[TLV_CHOICE]     = { 1, 1, false },
	[TLV_PROFILE]    = { 12, 12, false },
	[TLV_STEP]       = { 1, 1, false },
	[TLV_COUNTERS]   = { 24, 24, false },
	[TLV_MULTICAST]  = { 18, 18, false },
	[TLV_KEY_ID]     = { 4, 4, false },
	[TLV_NONCE]      = { 16, 16, false },
	[TLV_PROOF]      = { 16, 16, false },
};

bool rd_tlv(struct rd *r, struct tlv *t)
{
	uint16_t type;
	size_t   len;

	if (rd_left(r) == 0)
		return false;
	type = rd_be16(r);
	len  = rd_be16(r);
	t->type  = type & (TLV_MUST - 1);
	t->must  = (type & TLV_MUST) != 0;
	t->value = rd_sub(r, len);
	return rd_ok(r);
}

struct stream_address rd_tlv_address(struct rd *value)
{
	struct stream_address a;

	rd_bytes(value, a.ip, sizeof a.ip);
	a.port = rd_be16(value);
	return a;
}

void rd_tlv_text(struct rd value, char *text, size_t size)
{
	size_t len = min_size(rd_left(&value), size - 1);

	for (size_t i = 0; i < len; i++) {
		uint8_t c = rd_u8(&value);

		/* Texts go to screens and logs: nobody may move the cursor there or begin a line. */
		text[i] = (char)(c < ' ' || c == 0x7f ? '?' : c);
	}
	text[len] = 0;
}

static void wr_tlv_head(struct wr *w, uint16_t type, size_t len)
{
	if (len > UINT16_MAX) {
		*w = (struct wr){ .at = w->at, .bad = true };
		return;
	}
	wr_be16(w, type);
	wr_be16(w, (uint16_t)len);
}

void wr_tlv(struct wr *w, uint16_t type, const void *value, size_t len)
{
	wr_tlv_head(w, type, len);
	if (len)
		wr_bytes(w, value, len);
}

void wr_tlv_u8(struct wr *w, uint16_t type, uint8_t v)
{
	wr_tlv_head(w, type, 1);
	wr_u8(w, v);
}

void wr_tlv_u16(struct wr *w, uint16_t type, uint16_t v)
{
	wr_tlv_head(w, type, 2);
	wr_be16(w, v);
}

void wr_tlv_u32(struct wr *w, uint16_t type, uint32_t v)
{
	wr_tlv_head(w, type, 4);
	wr_be32(w, v);
}

void wr_tlv_u64(struct wr *w, uint16_t type, uint64_t v)
{
	wr_tlv_head(w, type, 8);
	wr_be64(w, v);
}

void wr_tlv_text(struct wr *w, uint16_t type, const char *text)
{
	wr_tlv(w, type, text, strlen(text));
}

void wr_tlv_address(struct wr *w, uint16_t type, const struct stream_address *a)
{
	wr_tlv_head(w, type, sizeof a->ip + 2);
	wr_bytes(w, a->ip, sizeof a->ip);
	wr_be16(w, a->port);
}

void wr_tlv_counters(struct wr *w, const struct tlv_counters *c)
{
	wr_tlv_head(w, TLV_COUNTERS, 24);
	wr_be64(w, c->bytes);
	wr_be32(w, c->requests);
	wr_be32(w, c->requests_again);
	wr_be32(w, c->datagrams_dropped);
	wr_be32(w, c->failovers);
}

void wr_tlv_pad(struct wr *w, size_t len)
{
	if (len < 4)
		len = 4;
	wr_tlv_head(w, TLV_PAD, len - 4);
	for (size_t i = 4; i < len; i++)
		wr_u8(w, 0);
}

static void read_counters(struct rd v, struct tlv_counters *c)
{
	c->bytes             = rd_be64(&v);
	c->requests          = rd_be32(&v);
	c->requests_again    = rd_be32(&v);
	c->datagrams_dropped = rd_be32(&v);
	c->failovers         = rd_be32(&v);
}

static void read_bytes(struct tlv_set *set, enum tlv_type type, struct rd v)
{
	size_t len = rd_left(&v);

	switch (type) {
	case TLV_COOKIE:   rd_bytes(&v, set->cookie.bytes, sizeof set->cookie.bytes); break;
	case TLV_MAC:      rd_bytes(&v, set->mac, sizeof set->mac); break;
	case TLV_UUID:     rd_bytes(&v, set->uuid, sizeof set->uuid); break;
	case TLV_CONTENT:  rd_bytes(&v, set->content.id, sizeof set->content.id); break;
	case TLV_TICKET:
		set->ticket.len = (uint8_t)min_size(len, sizeof set->ticket.bytes);
		rd_bytes(&v, set->ticket.bytes, set->ticket.len);
		break;
	case TLV_ROOT_HASH:
		set->root_hash_algorithm = rd_u8(&v);
		set->root_hash_len       = (uint8_t)min_size(rd_left(&v), sizeof set->root_hash);
		rd_bytes(&v, set->root_hash, set->root_hash_len);
		break;
	case TLV_SERVER:
		if (set->server_count < TLV_SERVERS_MAX)
			set->servers[set->server_count++] = rd_tlv_address(&v);
		break;
	default:
		break;
	}
}

static void read_value(struct tlv_set *set, enum tlv_type type, struct rd v)
{
	switch (type) {
	case TLV_ARCH:     set->arch      = rd_be16(&v); break;
	case TLV_STAGE:    set->stage     = rd_u8(&v); break;
	case TLV_BUILD:    rd_tlv_text(v, set->build, sizeof set->build); break;
	case TLV_DISK:     rd_tlv_text(v, set->disk, sizeof set->disk); break;
	case TLV_WINDOW:   set->window    = rd_be16(&v); break;
	case TLV_SEGMENT:  set->segment   = rd_be16(&v); break;
	case TLV_SIZE:     set->size      = rd_be64(&v); break;
	case TLV_MODE:     set->mode      = rd_u8(&v); break;
	case TLV_VERSION:  set->version   = rd_be32(&v); break;
	case TLV_EXPIRES:  set->expires_s = rd_be32(&v); break;
	case TLV_REASON:   set->reason    = rd_be16(&v); break;
	case TLV_TEXT:     rd_tlv_text(v, set->text, sizeof set->text); break;
	case TLV_WAIT_MS:  set->wait_ms   = rd_be32(&v); break;
	case TLV_CHOICE:   set->choice    = rd_u8(&v); break;
	case TLV_STEP:     set->step      = rd_u8(&v); break;
	case TLV_COUNTERS: read_counters(v, &set->counters); break;
	default:           read_bytes(set, type, v); break;
	}
}

/* Whether a value of a known type has the length, and the inner lengths, that chapter 9 gives it. */
static bool is_sound(uint16_t type, struct rd value)
{
	size_t len = rd_left(&value);

	if (len < layouts[type].min || len > layouts[type].max)
		return false;
	if (type == TLV_MENU) {
		uint8_t name = rd_u8(&value);

		return name && name <= TLV_NAME_MAX && name <= len - 1;
	}
	return type != TLV_PERSONALITY || rd_u8(&value) <= len - 1;
}

enum tlv_verdict tlv_read_set(struct rd tlvs, struct tlv_set *set)
{
	enum tlv_verdict verdict = TLV_OK;
	unsigned menu_lines = 0;
	struct tlv t;

	memset(set, 0, sizeof *set);
	while (rd_tlv(&tlvs, &t)) {
		uint32_t bit = t.type < COUNT_OF(layouts) ? (uint32_t)1 << t.type : 0;

		if (!bit) {
			if (t.must)
				verdict = TLV_DEMANDS_MORE;
			continue;
		}
		if (!is_sound(t.type, t.value) || (set->has & bit && !layouts[t.type].repeats)
		    || (t.type == TLV_MENU && ++menu_lines > TLV_MENU_MAX))
			return TLV_MALFORMED;
		set->has |= bit;
		read_value(set, (enum tlv_type)t.type, t.value);
	}
	return rd_done(&tlvs) ? verdict : TLV_MALFORMED;
}
