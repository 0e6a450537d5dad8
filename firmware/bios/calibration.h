/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_BIOS_CALIBRATION_H
#define FIRMWARE_BIOS_CALIBRATION_H
/*
 * How fast the TSC is: counted against channel 2 of the PIT (8254), whose rate
 * every PC has in common.
 *
 *     c = calibration_measure();      some 40 ms; channel 2 and the speaker's gate are as before, but for its count
 *
 * Not how long a wait of so many PIT ticks takes: a CPU that is scarce (SMM, a
 * busy emulator) notices its end too late, each time on a bad day, and the
 * clock would be slow for ever. Both counters are read at both ends, so a wait
 * that was too long is a longer measurement and no wrong one; what is left is
 * what passes between two readings of one end, and the trial with the least of
 * it counts.
 */
#include "lib/types.h"

enum { PIT_HZ = 1193182 };

/* They passed in the same time; none is 0. is_guess: the PIT stands still, nothing was counted, and 1 GHz is said. */
struct calibration { uint32_t tsc_ticks, pit_ticks; bool is_guess; };

struct calibration calibration_measure(void);
#endif
