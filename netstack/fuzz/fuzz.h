/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_FUZZ_FUZZ_H
#define NETSTACK_FUZZ_FUZZ_H
/* What the fuzz targets of the stack share: what must hold, and checksums no fuzzer would find. */
#include <stdlib.h>
#include "lib/bytes.h"
#include "netstack/wire/checksum.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static inline void require(bool holds)
{
	if (!holds)
		abort();
}

/* A heap block of exactly these bytes, to be changed and freed by the caller. */
static inline uint8_t *fuzz_copy(const uint8_t *bytes, size_t len)
{
	uint8_t *copy = malloc(len ? len : 1);

	if (len)
		memcpy(copy, bytes, len);
	return copy;
}

/* Makes the checksum at this offset right for these bytes, if they are there. */
static inline void fuzz_fix_checksum(uint8_t *bytes, size_t len, size_t at, uint64_t sum)
{
	struct wr w;

	if (at + 2 > len)
		return;
	bytes[at] = bytes[at + 1] = 0;
	w = wr_over(bytes + at, 2);
	wr_be16(&w, checksum_done(checksum_add(sum, rd_over(bytes, len))));
}
#endif
