/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "bench/payload/efi/clock.h"

enum { TRIES = 8, STALL_US = 10000, US_PER_MS = 1000 };

void clock_calibrate(struct clock *c, EFI_BOOT_SERVICES *bs)
{
	uint64_t best = UINT64_MAX;

	for (unsigned i = 0; i < TRIES; i++) {
		uint64_t from = clock_ticks();

		bs->Stall(STALL_US);
		best = min_u64(best, clock_ticks() - from);
	}
	c->tsc_per_ms = max_u64(best / (STALL_US / US_PER_MS), 1);
}

uint64_t clock_us(const struct clock *c, uint64_t ticks)
{
	return ticks / c->tsc_per_ms * US_PER_MS + ticks % c->tsc_per_ms * US_PER_MS / c->tsc_per_ms;
}
