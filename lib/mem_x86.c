/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The part of mem.c that is worth knowing the processor: the 32 and 64 bits of a PC have instructions for it. */
#include "lib/types.h"

void *memcpy(void *restrict dst, const void *restrict src, size_t len)
{
	uint8_t *d = dst;
	const uint8_t *s = src;

	/* Four at a time: emulators do one iteration after the other, and frames are copied often. */
	size_t words = len / 4;

	len %= 4;
	__asm__ volatile("rep movsl" : "+D"(d), "+S"(s), "+c"(words) : : "memory");
	__asm__ volatile("rep movsb" : "+D"(d), "+S"(s), "+c"(len) : : "memory");
	return dst;
}

void *memset(void *dst, int byte, size_t len)
{
	uint8_t *d = dst;

	__asm__ volatile("rep stosb" : "+D"(d), "+c"(len) : "a"((uint8_t)byte) : "memory");
	return dst;
}
