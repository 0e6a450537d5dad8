/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/efi/clock.h"
#include "firmware/efi/counter.h"
#include "firmware/efi/services.h"

enum { CALIBRATIONS = 32, STALL_US = 1000, PER_MS_MIN = 1000 };

static uint64_t start, per_ms;

/*
 * The shortest of many: whatever disturbs a measurement (an event, SMM, a busy emulator) only makes it longer. Each is
 * short, so that one passes undisturbed: by the shortest of eight of 4 ms, on a host with twice as much to do as
 * processors, the clock was slow by more than a second in eleven.
 */
static uint64_t measure(void)
{
	uint64_t best = UINT64_MAX;

	for (unsigned i = 0; i < CALIBRATIONS; i++) {
		uint64_t from = counter_read();

		bs->Stall(STALL_US);
		best = min_u64(best, counter_read() - from);
	}
	return best * USEC_PER_MS / STALL_US;
}

void clock_init(void)
{
	/* Events ask for the time while it is measured anew: the ROM's driver has been running since before. */
	uint64_t counted = counter_per_ms();

	if (!counted)
		counted = measure();
	per_ms = max_u64(counted, PER_MS_MIN);
	start = counter_read();
}

uint32_t clock_khz(void)
{
	return (uint32_t)min_u64(per_ms, UINT32_MAX);
}

/* Whole milliseconds and the rest apart, so that nothing overflows. */
usec clock_now(void)
{
	uint64_t counts = counter_read() - start;

	return counts / per_ms * USEC_PER_MS + counts % per_ms * USEC_PER_MS / per_ms;
}

void clock_wait_us(usec us)
{
	bs->Stall((UINTN)us);
}
