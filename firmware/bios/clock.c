/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/bios/clock.h"
#include "firmware/bios/cpu.h"

static struct { uint64_t start; uint32_t us_per_tsc; uint32_t tsc_per_ms; } clock;

/* a * b / by, where that has 32 bits: there is no 64-bit division here. */
static uint32_t ratio(uint32_t a, uint32_t b, uint32_t by)
{
	uint64_t product = (uint64_t)a * b;

	return product >> 32 < by ? cpu_divide((uint32_t)(product >> 32), (uint32_t)product, by) : UINT32_MAX;
}

void clock_init(struct calibration c)
{
	uint32_t us = ratio(c.pit_ticks, USEC_PER_S, PIT_HZ);

	clock.tsc_per_ms = ratio(c.tsc_ticks, USEC_PER_MS, us);
	/* Below 1 MHz there is no TSC to speak of; the arithmetic stays sound. */
	clock.us_per_tsc = c.tsc_ticks > us ? cpu_divide(us, 0, c.tsc_ticks) : UINT32_MAX;
	clock.start = cpu_tsc();
}

uint32_t clock_tsc_per_ms(void)
{
	return clock.tsc_per_ms;
}

uint32_t clock_tsc_ticks(uint32_t us)
{
	return ratio(us, clock.tsc_per_ms, USEC_PER_MS);
}

/* tsc * us_per_tsc / 2^32 in two halves, so that it never overflows and needs no 64-bit division. */
usec clock_now(void)
{
	uint64_t tsc = cpu_tsc() - clock.start;
	uint64_t high = (tsc >> 32) * clock.us_per_tsc;
	uint64_t low_part = (tsc & UINT32_MAX) * clock.us_per_tsc >> 32;

	return high + low_part;
}

void clock_wait_us(usec us)
{
	usec until = clock_now() + us;

	while (clock_now() < until)
		;
}
