/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef SIM_IMAGE_H
#define SIM_IMAGE_H
/* A disk image nobody stores: its bytes are made from a seed and their place. */
#include "lib/types.h"

static inline uint64_t image_word(uint64_t seed, uint64_t index)
{
	uint64_t z = seed + index * 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z ^= z >> 29;
	/* The end of the first sector: it looks like a boot sector. */
	return index == 63 ? (z & 0xffffffffffff) | 0xaa55ull << 48 : z;
}

/* Offset and length are multiples of 8. */
static inline void image_fill(uint64_t seed, uint64_t offset, uint8_t *into, size_t len)
{
	for (size_t i = 0; i < len; i += 8) {
		uint64_t word = image_word(seed, (offset + i) / 8);

		memcpy(into + i, &word, 8);
	}
}

/* Whether these are the image's bytes. */
static inline bool image_is(uint64_t seed, uint64_t offset, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i += 8) {
		uint64_t word = image_word(seed, (offset + i) / 8);

		if (memcmp(bytes + i, &word, 8) != 0)
			return false;
	}
	return true;
}
#endif
