/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/efi/clock.h"
#include "firmware/efi/services.h"

enum { CALIBRATIONS = 8, STALL_US = 4000, TSC_PER_MS_MIN = 1000 };

static uint64_t start, tsc_per_ms;

uint64_t clock_tsc(void)
{
	return __builtin_ia32_rdtsc();
}

/* The shortest of several: whatever disturbs a measurement (an event, SMM, a busy emulator) only makes it longer. */
void clock_init(void)
{
	uint64_t best = UINT64_MAX;

	for (unsigned i = 0; i < CALIBRATIONS; i++) {
		uint64_t from = clock_tsc();

		bs->Stall(STALL_US);
		best = min_u64(best, clock_tsc() - from);
	}
	tsc_per_ms = max_u64(best / (STALL_US / 1000), TSC_PER_MS_MIN);
	start = clock_tsc();
}

uint32_t clock_tsc_per_ms(void)
{
	return (uint32_t)min_u64(tsc_per_ms, UINT32_MAX);
}

/* Whole milliseconds and the rest apart, so that nothing overflows. */
usec clock_now(void)
{
	uint64_t tsc = clock_tsc() - start;

	return tsc / tsc_per_ms * USEC_PER_MS + tsc % tsc_per_ms * USEC_PER_MS / tsc_per_ms;
}

void clock_wait_us(usec us)
{
	bs->Stall((UINTN)us);
}
