/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * CRC32C by table, four bytes a step; and where a register has 64 bits, all but the last of a long text without one.
 *
 * A CRC is linear, so the entry of a byte is the sum of the entries of its bits: what a reader has to believe is
 * eight numbers a table, and the compiler makes the rest. The 32 numbers are the polynomial after 0 to 31 more
 * zero bits, each table's from its byte's lowest bit to its highest.
 *
 * This file defines crc32c() and nothing else, on purpose: a program for one kind of CPU may define a faster one
 * of its own, and then the linker does not take this one from the core's archive.
 */
#include "netstack/wire/stream.h"

#define SUM(i, b0, b1, b2, b3, b4, b5, b6, b7) ( \
	((i) & 1u ? b0 : 0) ^ ((i) & 2u ? b1 : 0) ^ ((i) & 4u ? b2 : 0) ^ ((i) & 8u ? b3 : 0) ^ \
	((i) & 16u ? b4 : 0) ^ ((i) & 32u ? b5 : 0) ^ ((i) & 64u ? b6 : 0) ^ ((i) & 128u ? b7 : 0))
#define EACH_4(m, i, ...)  m((i), __VA_ARGS__), m((i) + 1u, __VA_ARGS__), m((i) + 2u, __VA_ARGS__), \
                           m((i) + 3u, __VA_ARGS__)
#define EACH_16(m, i, ...) EACH_4(m, (i), __VA_ARGS__), EACH_4(m, (i) + 4u, __VA_ARGS__), \
                           EACH_4(m, (i) + 8u, __VA_ARGS__), EACH_4(m, (i) + 12u, __VA_ARGS__)
#define EACH_64(m, i, ...) EACH_16(m, (i), __VA_ARGS__), EACH_16(m, (i) + 16u, __VA_ARGS__), \
                           EACH_16(m, (i) + 32u, __VA_ARGS__), EACH_16(m, (i) + 48u, __VA_ARGS__)
#define EACH_BYTE(m, ...)  { EACH_64(m, 0u, __VA_ARGS__), EACH_64(m, 64u, __VA_ARGS__), \
                             EACH_64(m, 128u, __VA_ARGS__), EACH_64(m, 192u, __VA_ARGS__) }

/* after[n][b]: the register after byte b and n zero bytes. */
static const uint32_t after[4][256] = {
	EACH_BYTE(SUM, 0xf26b8303u, 0xe13b70f7u, 0xc79a971fu, 0x8ad958cfu,
	          0x105ec76fu, 0x20bd8edeu, 0x417b1dbcu, 0x82f63b78u),
	EACH_BYTE(SUM, 0x13a29877u, 0x274530eeu, 0x4e8a61dcu, 0x9d14c3b8u,
	          0x3fc5f181u, 0x7f8be302u, 0xff17c604u, 0xfbc3faf9u),
	EACH_BYTE(SUM, 0xa541927eu, 0x4f6f520du, 0x9edea41au, 0x38513ec5u,
	          0x70a27d8au, 0xe144fb14u, 0xc76580d9u, 0x8b277743u),
	EACH_BYTE(SUM, 0xdd45aab8u, 0xbf672381u, 0x7b2231f3u, 0xf64463e6u,
	          0xe964b13du, 0xd725148bu, 0xaba65fe7u, 0x52a0c93fu),
};

static inline uint32_t four_at(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline uint64_t eight_at(const uint8_t *p)
{
	return four_at(p) | (uint64_t)four_at(p + 4) << 32;
}

/* The register after four bytes that were summed into it. Forced inline: -O2 makes it a call, which costs as much. */
static inline __attribute__((always_inline)) uint32_t after_four(uint32_t crc)
{
	return after[3][crc & 255] ^ after[2][crc >> 8 & 255] ^ after[1][crc >> 16 & 255] ^ after[0][crc >> 24];
}

/*
 * The polynomial divides x^209 + x^144 + x^54 + x^39 + x^14 + 1. So a bit may be taken away if those 65, 155, 170, 195
 * and 209 places behind it are turned instead: without tables, and a whole word at a time, because the nearest of them
 * is in the next one. `now` is a word of the text with what fell on it, `next` to `fourth` are what falls on the words
 * behind it; on the last of them nothing has fallen before.
 */
static inline __attribute__((always_inline)) void fold_word(uint64_t now, uint64_t *next, uint64_t *second,
                                                            uint64_t *third, uint64_t *fourth)
{
	*next   ^= now << 1;
	*second ^= now >> 63 ^ now << 27 ^ now << 42;
	*third  ^= now >> 37 ^ now >> 22 ^ now << 3 ^ now << 17;
	*fourth  = now >> 61 ^ now >> 47;
}

enum { FOLD_BYTES = 5 * 8, FOLDED_BYTES = 4 * 8 };

/* The register after a number of blocks of FOLD_BYTES, and after the FOLDED_BYTES behind them, on which all falls. */
static uint32_t fold(uint32_t crc, const uint8_t *p, size_t blocks)
{
	uint64_t fallen[4], a = crc, b = 0, c = 0, d = 0, e;

	for (; blocks; blocks--, p += FOLD_BYTES) {             /* five names for five words in turn */
		fold_word(a ^ eight_at(p),      &b, &c, &d, &e);
		fold_word(b ^ eight_at(p + 8),  &c, &d, &e, &a);
		fold_word(c ^ eight_at(p + 16), &d, &e, &a, &b);
		fold_word(d ^ eight_at(p + 24), &e, &a, &b, &c);
		fold_word(e ^ eight_at(p + 32), &a, &b, &c, &d);
	}
	fallen[0] = a;
	fallen[1] = b;
	fallen[2] = c;
	fallen[3] = d;
	crc = 0;
	for (unsigned i = 0; i < COUNT_OF(fallen); i++, p += 8) {
		uint64_t word = fallen[i] ^ eight_at(p);

		crc = after_four(after_four(crc ^ (uint32_t)word) ^ (uint32_t)(word >> 32));
	}
	return crc;
}

uint32_t crc32c(uint32_t crc, const void *bytes, size_t len)
{
	const uint8_t *p = bytes;

	crc = ~crc;
	/* In registers of 32 bits it is no faster than the tables. */
	if (sizeof(uintptr_t) == sizeof(uint64_t) && len >= FOLD_BYTES + FOLDED_BYTES) {
		size_t blocks = (len - FOLDED_BYTES) / FOLD_BYTES;

		crc  = fold(crc, p, blocks);
		p   += blocks * FOLD_BYTES + FOLDED_BYTES;
		len -= blocks * FOLD_BYTES + FOLDED_BYTES;
	}
	for (; len >= 16; len -= 16, p += 16) {                 /* most of a segment: four steps a turn of the loop */
		crc = after_four(crc ^ four_at(p));
		crc = after_four(crc ^ four_at(p + 4));
		crc = after_four(crc ^ four_at(p + 8));
		crc = after_four(crc ^ four_at(p + 12));
	}
	for (; len >= 4; len -= 4, p += 4)
		crc = after_four(crc ^ four_at(p));
	for (; len; len--, p++)
		crc = crc >> 8 ^ after[0][(crc ^ *p) & 255];
	return ~crc;
}
