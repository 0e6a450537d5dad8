/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/bios/clock.h"
#include "firmware/bios/cpu.h"

enum {
	PIT_HZ = 1193182, PIT_TICKS = 4773,             /* 4 ms, 4000.2 us */
	PIT_US_Q = 4000,
	CALIBRATIONS = 8,
	PIT_CHANNEL2 = 0x42, PIT_COMMAND = 0x43, PORT_B = 0x61,
	GATE2 = 1, SPEAKER = 2, OUT2 = 0x20,
	POLLS_MAX = 1000000,
};

static struct { uint64_t start; uint32_t us_per_tsc; uint32_t tsc_per_ms; } clock;

/* TSC ticks while channel 2 counts PIT_TICKS down in mode 0; the speaker stays off. */
static uint64_t measure(void)
{
	uint8_t port_b = cpu_in8(PORT_B);
	uint64_t from, to;

	cpu_out8(PORT_B, (uint8_t)((port_b & ~SPEAKER) | GATE2));
	cpu_out8(PIT_COMMAND, 0xb0);
	cpu_out8(PIT_CHANNEL2, PIT_TICKS & 0xff);
	cpu_out8(PIT_CHANNEL2, PIT_TICKS >> 8);
	from = cpu_tsc();
	for (unsigned polls = 0; polls < POLLS_MAX && !(cpu_in8(PORT_B) & OUT2); polls++)
		;
	to = cpu_tsc();
	cpu_out8(PORT_B, port_b);
	return to - from;
}

/* The shortest of several: whatever disturbs a measurement (SMM, a busy emulator) only makes it longer. */
void clock_init(void)
{
	uint64_t best = UINT64_MAX;

	for (unsigned i = 0; i < CALIBRATIONS; i++)
		best = min_u64(best, measure());
	if (best < PIT_US_Q)
		best = PIT_US_Q;                        /* below 1 MHz: no TSC to speak of; keep the arithmetic sound */
	if (best > UINT32_MAX)
		best = UINT32_MAX;
	clock.tsc_per_ms = (uint32_t)best / (PIT_US_Q / 1000);
	clock.us_per_tsc = best > PIT_US_Q ? cpu_divide(PIT_US_Q, 0, (uint32_t)best) : UINT32_MAX;
	clock.start = cpu_tsc();
}

uint32_t clock_tsc_per_ms(void)
{
	return clock.tsc_per_ms;
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
