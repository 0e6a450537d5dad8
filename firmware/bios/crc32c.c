/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * The core's crc32c() with its tables made when they are first wanted: in the file they would be 4 KiB that look like
 * noise, a twelfth of what an option ROM has room for.
 */
#include "netstack/wire/stream.h"

#define POLYNOMIAL 0x82f63b78u          /* RFC 3720 B.4, the lowest power at the top */

/* after[n][b]: the register after byte b and n zero bytes. */
static uint32_t after[4][256];

static void make_tables(void)
{
	for (uint32_t b = 0; b < 256; b++) {
		uint32_t crc = b;

		for (unsigned bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (POLYNOMIAL & (0u - (crc & 1)));
		after[0][b] = crc;
	}
	for (unsigned n = 1; n < COUNT_OF(after); n++)
		for (unsigned b = 0; b < 256; b++)
			after[n][b] = after[n - 1][b] >> 8 ^ after[0][after[n - 1][b] & 255];
}

static inline uint32_t four_at(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Forced inline: -O2 makes it a call, which costs as much. */
static inline __attribute__((always_inline)) uint32_t after_four(uint32_t crc)
{
	return after[3][crc & 255] ^ after[2][crc >> 8 & 255] ^ after[1][crc >> 16 & 255] ^ after[0][crc >> 24];
}

uint32_t crc32c(uint32_t crc, const void *bytes, size_t len)
{
	const uint8_t *p = bytes;

	if (after[0][128] != POLYNOMIAL)
		make_tables();
	crc = ~crc;
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
