/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/bios/calibration.h"
#include "firmware/bios/cpu.h"

enum {
	TRIALS = 8, TRIALS_MAX = 32,
	TICKS_MIN = 4773,                       /* 4 ms */
	FULL = 0xffff,                          /* 55 ms: longer than any trial but those that are thrown away */
	READINGS_MAX = 40000,
	CHANNEL2 = 0x42, COMMAND = 0x43, PORT_B = 0x61,
	COUNT_DOWN_ONCE = 0xb0, LATCH = 0x80,   /* of channel 2: mode 0, low byte first */
	GATE2 = 1, SPEAKER = 2, OUT2 = 0x20,
};

/* Both counters at one moment, or within `span` of the TSC. */
struct reading { uint64_t tsc; uint32_t pit, span; };

static struct reading read_both(void)
{
	uint64_t before = cpu_tsc(), after;
	uint32_t pit;

	cpu_out8(COMMAND, LATCH);
	after = cpu_tsc();
	pit = cpu_in8(CHANNEL2);
	pit |= (uint32_t)cpu_in8(CHANNEL2) << 8;
	return (struct reading){ before, pit, (uint32_t)min_u64(after - before, UINT32_MAX) };
}

static void start_counting(void)
{
	cpu_out8(COMMAND, COUNT_DOWN_ONCE);
	cpu_out8(CHANNEL2, FULL & 0xff);
	cpu_out8(CHANNEL2, FULL >> 8);
	read_both();                            /* the count is loaded with the PIT's next tick */
}

/* False: it took so long that the count has gone round, or the PIT stands still. *span: what it may be wrong by. */
static bool try_once(struct calibration *c, uint32_t *span)
{
	struct reading from, to;
	uint64_t tsc_ticks;

	start_counting();
	from = to = read_both();
	for (unsigned i = 0; i < READINGS_MAX && from.pit - to.pit < TICKS_MIN; i++)
		to = read_both();
	tsc_ticks = to.tsc - from.tsc;
	*c    = (struct calibration){ .tsc_ticks = (uint32_t)tsc_ticks, .pit_ticks = from.pit - to.pit };
	*span = from.span > to.span ? from.span : to.span;
	return c->pit_ticks >= TICKS_MIN && tsc_ticks && tsc_ticks <= UINT32_MAX && !(cpu_in8(PORT_B) & OUT2);
}

struct calibration calibration_measure(void)
{
	/* A PC whose PIT does not count has a clock all the same: of 1 GHz. */
	struct calibration best = { .tsc_ticks = 1000000, .pit_ticks = PIT_HZ / 1000, .is_guess = true }, c;
	uint8_t port_b = cpu_in8(PORT_B);
	uint32_t narrowest = UINT32_MAX, span;

	cpu_out8(PORT_B, (uint8_t)((port_b & ~SPEAKER) | GATE2));
	for (unsigned good = 0, tried = 0; good < TRIALS && tried < TRIALS_MAX; tried++) {
		if (!try_once(&c, &span))
			continue;
		good++;
		if (span < narrowest) {
			narrowest = span;
			best = c;
		}
	}
	cpu_out8(PORT_B, port_b);
	return best;
}
