/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The part of mem.c that is worth knowing the processor: no string instructions here, but words that lie anywhere. */
#include "lib/types.h"

enum { WORD = sizeof(uint64_t) };
typedef uint64_t __attribute__((may_alias, aligned(1))) word;

void *memcpy(void *restrict dst, const void *restrict src, size_t len)
{
	uint8_t *d = dst;
	const uint8_t *s = src;

	for (; len >= WORD; len -= WORD, d += WORD, s += WORD)
		*(word *)d = *(const word *)s;
	while (len--)
		*d++ = *s++;
	return dst;
}

void *memset(void *dst, int byte, size_t len)
{
	const uint64_t all = (uint8_t)byte * 0x0101010101010101u;
	uint8_t *d = dst;

	for (; len >= WORD; len -= WORD, d += WORD)
		*(word *)d = all;
	while (len--)
		*d++ = (uint8_t)byte;
	return dst;
}
