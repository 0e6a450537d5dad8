/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * What a compiler may call for in a world without a C library; left out of hosted builds. memcpy and memset are in
 * mem_x86.c and mem_aarch64.c.
 */
#include "lib/types.h"

void *memmove(void *dst, const void *src, size_t len)
{
	uint8_t *d = dst;
	const uint8_t *s = src;

	if ((uintptr_t)d - (uintptr_t)s >= len)
		return memcpy(dst, src, len);
	while (len--)
		d[len] = s[len];
	return dst;
}

int memcmp(const void *a, const void *b, size_t len)
{
	const uint8_t *x = a, *y = b;
	uint32_t v, w;

	/* Addresses and ids are compared often, and are equal nearly always. */
	for (; len >= sizeof v; len -= sizeof v, x += sizeof v, y += sizeof v) {
		__builtin_memcpy(&v, x, sizeof v);
		__builtin_memcpy(&w, y, sizeof w);
		if (v != w)
			break;
	}
	for (; len; len--, x++, y++)
		if (*x != *y)
			return *x < *y ? -1 : 1;
	return 0;
}

size_t strlen(const char *s)
{
	size_t len = 0;

	while (s[len])
		len++;
	return len;
}
