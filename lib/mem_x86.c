/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The part of mem.c that is worth knowing the processor: the 32 and 64 bits of a PC have instructions for it. */
#include "lib/types.h"

/* A word at a time: emulators do one iteration after the other, and frames are copied often. */
#if UINTPTR_MAX > UINT32_MAX
typedef uint64_t word;
#define MOVE_WORDS  "rep movsq"
#define STORE_WORDS "rep stosq"
#else
typedef uint32_t word;
#define MOVE_WORDS  "rep movsl"
#define STORE_WORDS "rep stosl"
#endif

void *memcpy(void *restrict dst, const void *restrict src, size_t len)
{
	uint8_t *d = dst;
	const uint8_t *s = src;
	size_t words = len / sizeof(word);

	len %= sizeof(word);
	__asm__ volatile(MOVE_WORDS : "+D"(d), "+S"(s), "+c"(words) : : "memory");
	__asm__ volatile("rep movsb" : "+D"(d), "+S"(s), "+c"(len) : : "memory");
	return dst;
}

void *memset(void *dst, int byte, size_t len)
{
	uint8_t *d = dst;
	size_t words = len / sizeof(word);

	len %= sizeof(word);
	__asm__ volatile(STORE_WORDS : "+D"(d), "+c"(words) : "a"((word)-1 / UINT8_MAX * (uint8_t)byte) : "memory");
	__asm__ volatile("rep stosb" : "+D"(d), "+c"(len) : "a"((uint8_t)byte) : "memory");
	return dst;
}
