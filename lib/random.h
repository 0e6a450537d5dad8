/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LIB_RANDOM_H
#define LIB_RANDOM_H
/*
 * Numbers that look random, from a seed (splitmix64).
 *
 * For jitter, ports and transaction ids: spreading, not secrecy. Its owner
 * seeds it; the same seed gives the same numbers, so every run can be replayed.
 */
#include "lib/types.h"

struct random { uint64_t state; };

static inline struct random random_from(uint64_t seed)
{
	return (struct random){ .state = seed };
}

static inline uint64_t random_next(struct random *r)
{
	uint64_t z = r->state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static inline uint32_t random_u32(struct random *r) { return (uint32_t)(random_next(r) >> 32); }

/* 0 .. bound - 1; a bound of 0 gives 0. A multiplication, because i386 has no 64-bit division. */
static inline uint32_t random_below(struct random *r, uint32_t bound)
{
	return (uint32_t)((uint64_t)random_u32(r) * bound >> 32);
}

/* A time between wait - spread and wait + spread. */
static inline usec random_around(struct random *r, usec wait, uint32_t spread)
{
	return wait - spread + random_below(r, spread * 2 + 1);
}
#endif
