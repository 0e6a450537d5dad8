/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/rom/lzma.h"

/*
 * Where each kind of odds begins. A length is 1 + 1 + 8 + 8 + 256 of them, because without position bits (pb=0) there
 * is one short and one middle tree.
 */
enum {
	LITERAL_BITS = 3, STATES = 12, LENGTHS = 274,
	IS_MATCH = 0, IS_REP = STATES, IS_REP0 = 2 * STATES, IS_REP1 = 3 * STATES, IS_REP2 = 4 * STATES,
	IS_LONG  = 5 * STATES,
	SLOT     = 6 * STATES, SPECIAL = SLOT + 4 * 64, ALIGN = SPECIAL + 115, MATCH_LENGTH = ALIGN + 16,
	REP_LENGTH = MATCH_LENGTH + LENGTHS, LITERAL = REP_LENGTH + LENGTHS,
	ODDS_USED  = LITERAL + (0x300 << LITERAL_BITS),
};
_Static_assert((int)ODDS_USED == (int)LZMA_ODDS, "the caller's room");

enum { ODDS_BITS = 11, ODDS_MOVE = 5, EVEN = 1 << (ODDS_BITS - 1) };
enum { LITERAL_STATES = 7, LENGTH_MIN = 2, SLOT_BITS = 6, SLOT_DIRECT = 14, ALIGN_BITS = 4 };
#define DISTANCE_END UINT32_MAX

struct lzma {
	struct rd from;
	uint16_t *odds;
	uint32_t  range, code;
};

static void refill(struct lzma *l)
{
	if (l->range < 1u << 24) {
		l->range <<= 8;
		l->code = l->code << 8 | rd_u8(&l->from);
	}
}

static unsigned bit(struct lzma *l, unsigned at)
{
	uint16_t *odds = &l->odds[at];
	uint32_t  zero;

	refill(l);
	zero = (l->range >> ODDS_BITS) * *odds;
	if (l->code < zero) {
		l->range = zero;
		*odds = (uint16_t)(*odds + (((1u << ODDS_BITS) - *odds) >> ODDS_MOVE));
		return 0;
	}
	l->range -= zero;
	l->code  -= zero;
	*odds = (uint16_t)(*odds - (*odds >> ODDS_MOVE));
	return 1;
}

/* A number of so many bits, the highest first. */
static unsigned tree(struct lzma *l, unsigned at, unsigned bits)
{
	unsigned node = 1;

	for (unsigned i = 0; i < bits; i++)
		node = node << 1 | bit(l, at + node);
	return node - (1u << bits);
}

/* And the lowest first. */
static unsigned tree_reverse(struct lzma *l, unsigned at, unsigned bits)
{
	unsigned node = 1, number = 0;

	for (unsigned i = 0; i < bits; i++) {
		unsigned b = bit(l, at + node);

		node = node << 1 | b;
		number |= b << i;
	}
	return number;
}

static uint32_t even_bits(struct lzma *l, unsigned bits)
{
	uint32_t number = 0;

	while (bits--) {
		refill(l);
		l->range >>= 1;
		number <<= 1;
		if (l->code >= l->range) {
			l->code -= l->range;
			number |= 1;
		}
	}
	return number;
}

static unsigned length(struct lzma *l, unsigned at)
{
	if (!bit(l, at))
		return LENGTH_MIN + tree(l, at + 2, 3);
	if (!bit(l, at + 1))
		return LENGTH_MIN + 8 + tree(l, at + 10, 3);
	return LENGTH_MIN + 16 + tree(l, at + 18, 8);
}

static uint32_t distance(struct lzma *l, unsigned len)
{
	unsigned kind = len - LENGTH_MIN < 3 ? len - LENGTH_MIN : 3;
	unsigned slot = tree(l, SLOT + 64 * kind, SLOT_BITS), bits = (slot >> 1) - 1;
	uint32_t d;

	if (slot < 4)
		return slot;
	d = (2 | (slot & 1)) << bits;
	if (slot < SLOT_DIRECT)
		return d + tree_reverse(l, SPECIAL + (unsigned)d - slot, bits);
	d += even_bits(l, bits - ALIGN_BITS) << ALIGN_BITS;
	return d + tree_reverse(l, ALIGN, ALIGN_BITS);
}

/* mate: the byte that the last match would go on with, which a literal right behind it is known not to be. */
static uint8_t literal(struct lzma *l, uint8_t before, bool has_mate, unsigned mate)
{
	unsigned at = LITERAL + 0x300 * (unsigned)(before >> (8 - LITERAL_BITS)), node = 1;

	while (has_mate && node < 0x100) {
		unsigned m = mate >> 7 & 1, b;

		mate <<= 1;
		b = bit(l, at + ((1 + m) << 8) + node);
		node = node << 1 | b;
		has_mate = b == m;
	}
	while (node < 0x100)
		node = node << 1 | bit(l, at + node);
	return (uint8_t)node;
}

/* The last four distances, the newest first; and what came last, as a number of the format's. */
struct past { uint32_t rep[4]; unsigned state; };

static unsigned state_after(unsigned state, unsigned after_literal, unsigned after_match)
{
	return state < LITERAL_STATES ? after_literal : after_match;
}

/* The length of a match whose distance is then rep[0]. 1 is one byte from there. */
static unsigned match(struct lzma *l, struct past *p)
{
	uint32_t d = p->rep[0];
	unsigned len;

	if (!bit(l, IS_REP + p->state)) {
		p->rep[3] = p->rep[2];
		p->rep[2] = p->rep[1];
		p->rep[1] = d;
		len = length(l, MATCH_LENGTH);
		p->rep[0] = distance(l, len);
		p->state  = state_after(p->state, 7, 10);
		return len;
	}
	if (!bit(l, IS_REP0 + p->state)) {
		if (!bit(l, IS_LONG + p->state)) {
			p->state = state_after(p->state, 9, 11);
			return 1;
		}
	} else {
		if (!bit(l, IS_REP1 + p->state)) {
			d = p->rep[1];
		} else {
			if (!bit(l, IS_REP2 + p->state)) {
				d = p->rep[2];
			} else {
				d = p->rep[3];
				p->rep[3] = p->rep[2];
			}
			p->rep[2] = p->rep[1];
		}
		p->rep[1] = p->rep[0];
		p->rep[0] = d;
	}
	len = length(l, REP_LENGTH);
	p->state = state_after(p->state, 8, 11);
	return len;
}

static bool is_end(struct lzma *l)
{
	refill(l);
	return l->code == 0 && rd_done(&l->from);
}

bool lzma_unpack(struct rd from, uint16_t *odds, uint8_t *to, size_t bytes)
{
	struct lzma l = { .from = from, .odds = odds, .range = UINT32_MAX };
	struct past p = { .state = 0 };
	bool   is_right = rd_u8(&l.from) == 0;
	size_t at = 0;

	l.code = rd_be32(&l.from);
	for (unsigned i = 0; i < ODDS_USED; i++)
		odds[i] = EVEN;
	while (is_right && rd_ok(&l.from)) {
		if (!bit(&l, IS_MATCH + p.state)) {
			bool has_mate = p.state >= LITERAL_STATES;

			if (at == bytes)
				return false;
			to[at] = literal(&l, at ? to[at - 1] : 0, has_mate, has_mate ? to[at - p.rep[0] - 1] : 0);
			at++;
			p.state = p.state < 4 ? 0 : p.state < 10 ? p.state - 3 : p.state - 6;
			continue;
		}
		for (unsigned len = match(&l, &p); len; len--, at++) {
			if (p.rep[0] == DISTANCE_END)
				return at == bytes && is_end(&l);
			if (at == bytes || p.rep[0] >= at)
				return false;
			to[at] = to[at - p.rep[0] - 1];
		}
	}
	return false;
}
