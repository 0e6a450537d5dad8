/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_BIOS_CLOCK_H
#define FIRMWARE_BIOS_CLOCK_H
/*
 * Microseconds from the TSC, whose rate was measured against the PIT's once.
 *
 * Never the 55 ms tick: it stands still while we have interrupts off, and is
 * 50 times too coarse for a retransmission timer. Good in interrupt 13h.
 */
#include "firmware/bios/calibration.h"

/* As calibration_measure() found it; before anything else here. */
void clock_init(struct calibration c);
usec clock_now(void);
void clock_wait_us(usec us);
uint32_t clock_tsc_per_ms(void);
uint32_t clock_tsc_ticks(uint32_t us);  /* how many pass in that time; UINT32_MAX: so many or more */
#endif
