/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * CRC32C by the CPU's own instruction, where there is one.
 *
 * This crc32c() stands before the core's in the server's link (see netstack/wire/stream.h): by table, the check
 * costs half of all the server does (docs/performance.md). Both must agree; crc32c_test.c holds them together.
 */
#include "server/crc32c.h"

#if defined(__x86_64__)
#include <nmmintrin.h>

__attribute__((target("sse4.2"))) static uint32_t by_instruction(uint32_t crc, const uint8_t *p, size_t len)
{
	uint64_t wide = ~crc;

	for (; len >= 8; len -= 8, p += 8) {
		uint64_t eight;

		memcpy(&eight, p, sizeof eight);
		wide = _mm_crc32_u64(wide, eight);
	}
	crc = (uint32_t)wide;
	for (; len; len--, p++)
		crc = _mm_crc32_u8(crc, *p);
	return ~crc;
}

uint32_t crc32c(uint32_t crc, const void *bytes, size_t len)
{
	return __builtin_cpu_supports("sse4.2") ? by_instruction(crc, bytes, len) : crc32c_by_table(crc, bytes, len);
}
#else
uint32_t crc32c(uint32_t crc, const void *bytes, size_t len)
{
	return crc32c_by_table(crc, bytes, len);
}
#endif
