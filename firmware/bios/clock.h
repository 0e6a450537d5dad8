/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_BIOS_CLOCK_H
#define FIRMWARE_BIOS_CLOCK_H
/*
 * Microseconds from the TSC, calibrated once against PIT channel 2.
 *
 * Never the 55 ms tick: it stands still while we have interrupts off, and is
 * 50 times too coarse for a retransmission timer. Good in interrupt 13h.
 */
#include "lib/types.h"

/* Takes some 30 ms. */
void clock_init(void);
usec clock_now(void);
void clock_wait_us(usec us);
uint32_t clock_tsc_per_ms(void);
#endif
