/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LIB_TYPES_H
#define LIB_TYPES_H
/*
 * Integers, time and the four memory functions: what every file may use.
 *
 * This is the only header that knows which world a source is compiled for.
 * Everything else is the same C on BIOS (i386), UEFI (x86-64, 64-bit ARM), Linux, in the
 * simulator and under the fuzzers.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Microseconds since power-on. 64 bits: it never wraps, so nothing compares it "modulo". */
typedef uint64_t usec;
#define NEVER UINT64_MAX
#define USEC_PER_MS 1000u
#define USEC_PER_S  1000000u

#define COUNT_OF(a) (sizeof(a) / sizeof *(a))

#if __STDC_HOSTED__
#include <string.h>
#else
void *memcpy(void *restrict dst, const void *restrict src, size_t len);
void *memmove(void *dst, const void *src, size_t len);
void *memset(void *dst, int byte, size_t len);
int   memcmp(const void *a, const void *b, size_t len);
size_t strlen(const char *s);
#endif

static inline uint64_t min_u64(uint64_t a, uint64_t b) { return a < b ? a : b; }
static inline uint64_t max_u64(uint64_t a, uint64_t b) { return a > b ? a : b; }
static inline size_t   min_size(size_t a, size_t b)    { return a < b ? a : b; }
#endif
