/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LIB_BYTES_H
#define LIB_BYTES_H
/*
 * Reading and writing bytes that came from, or go to, the wire.
 *
 * These are the only functions in the tree that turn a packet pointer into
 * a value. A read is all or nothing: one that does not fit yields zero,
 * empties the reader and marks it bad for good. So a parser is straight-line
 * code that asks once, at the end, whether everything it read was there;
 * and a loop over rd_left() always ends.
 */
#include "lib/types.h"

struct rd { const uint8_t *at; size_t left; bool bad; };
struct wr { uint8_t       *at; size_t left; bool bad; };

static inline struct rd rd_over(const void *bytes, size_t len)
{
	return (struct rd){ .at = bytes, .left = len };
}

/* The next len bytes, or NULL. Private to this file: every read is built on it. */
static inline const uint8_t *rd_take(struct rd *r, size_t len)
{
	const uint8_t *p = r->at;

	if (len > r->left) {
		r->left = 0;
		r->bad  = true;
		return NULL;
	}
	r->at   += len;
	r->left -= len;
	return p;
}

/* A reader that can see the next len bytes and no others. */
static inline struct rd rd_sub(struct rd *r, size_t len)
{
	const uint8_t *p = rd_take(r, len);

	return p ? rd_over(p, len) : (struct rd){ .at = r->at, .bad = true };
}

static inline uint8_t rd_u8(struct rd *r)
{
	const uint8_t *p = rd_take(r, 1);

	return p ? *p : 0;
}

static inline uint16_t rd_be16(struct rd *r)
{
	const uint8_t *p = rd_take(r, 2);

	if (!p)
		return 0;
	return (uint16_t)((unsigned)p[0] << 8 | p[1]);
}

static inline uint32_t rd_be32(struct rd *r)
{
	const uint8_t *p = rd_take(r, 4);

	if (!p)
		return 0;
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline uint64_t rd_be64(struct rd *r)
{
	struct rd eight = rd_sub(r, 8);
	uint64_t  high  = rd_be32(&eight);

	return high << 32 | rd_be32(&eight);
}

/* In this CPU's order, and one load also where memcpy is a call. */
static inline uint32_t rd_word_at(const uint8_t *p)
{
	uint32_t v;

	__builtin_memcpy(&v, p, sizeof v);
	return v;
}

static inline uint64_t rd_long_at(const uint8_t *p)
{
	uint64_t v;

	__builtin_memcpy(&v, p, sizeof v);
	return v;
}

/*
 * The ones' complement sum (RFC 1071) of the next len bytes as 16-bit numbers, len a multiple of 4. Each frame is
 * summed, so: one check for all of it, as many bits a load as a register has, and those in this CPU's order:
 * by RFC 1071 2(B) only the result has to be turned.
 */
static inline uint16_t rd_sum_ones(struct rd *r, size_t len)
{
	const uint8_t *p = rd_take(r, len);
	uint64_t sum = 0;

	_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the result is turned for such a CPU");
	if (!p)
		return 0;
	for (; sizeof p == sizeof(uint64_t) && len >= 16; len -= 16, p += 16) {
		uint64_t first = rd_long_at(p), second = rd_long_at(p + 8);

		sum += (first & 0xffffffffu) + (first >> 32) + (second & 0xffffffffu) + (second >> 32);
	}
	for (; len >= 16; len -= 16, p += 16)           /* in an emulator the loop costs as much as the sum */
		sum += (uint64_t)rd_word_at(p) + rd_word_at(p + 4) + rd_word_at(p + 8) + rd_word_at(p + 12);
	for (; len; len -= 4, p += 4)
		sum += rd_word_at(p);
	sum = (sum & 0xffffffffu) + (sum >> 32);
	for (int folds = 0; folds < 3; folds++)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)(sum << 8 | sum >> 8);
}

static inline void rd_bytes(struct rd *r, void *dst, size_t len)
{
	const uint8_t *p = rd_take(r, len);

	if (p)
		memcpy(dst, p, len);
	else
		memset(dst, 0, len);
}

static inline void rd_skip(struct rd *r, size_t len)
{
	(void)rd_take(r, len);
}

/* Whether the next len bytes are exactly these. */
static inline bool rd_is(struct rd *r, const void *these, size_t len)
{
	const uint8_t *p = rd_take(r, len);

	return p && memcmp(p, these, len) == 0;
}

static inline size_t rd_left(const struct rd *r) { return r->left; }
static inline bool   rd_ok(const struct rd *r)   { return !r->bad; }
static inline bool   rd_done(const struct rd *r) { return !r->bad && r->left == 0; }

/* How far a writer over `start` has come. */
static inline size_t wr_used(const struct wr *w, const void *start) { return (size_t)(w->at - (const uint8_t *)start); }
static inline bool   wr_ok(const struct wr *w) { return !w->bad; }

static inline struct wr wr_over(void *room, size_t len)
{
	return (struct wr){ .at = room, .left = len };
}

static inline uint8_t *wr_take(struct wr *w, size_t len)
{
	uint8_t *p = w->at;

	if (len > w->left) {
		w->left = 0;
		w->bad  = true;
		return NULL;
	}
	w->at   += len;
	w->left -= len;
	return p;
}

static inline void wr_u8(struct wr *w, uint8_t v)
{
	uint8_t *p = wr_take(w, 1);

	if (p)
		*p = v;
}

static inline void wr_be16(struct wr *w, uint16_t v)
{
	uint8_t *p = wr_take(w, 2);

	if (p) {
		p[0] = (uint8_t)(v >> 8);
		p[1] = (uint8_t)v;
	}
}

static inline void wr_be32(struct wr *w, uint32_t v)
{
	wr_be16(w, (uint16_t)(v >> 16));
	wr_be16(w, (uint16_t)v);
}

static inline void wr_be64(struct wr *w, uint64_t v)
{
	wr_be32(w, (uint32_t)(v >> 32));
	wr_be32(w, (uint32_t)v);
}

/* All that is left of a reader. */
static inline void wr_rest(struct wr *w, struct rd from)
{
	uint8_t *p = wr_take(w, from.left);

	if (p)
		memcpy(p, from.at, from.left);
}

static inline void wr_bytes(struct wr *w, const void *src, size_t len)
{
	uint8_t *p = wr_take(w, len);

	if (p)
		memcpy(p, src, len);
}
#endif
