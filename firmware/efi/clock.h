/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_EFI_CLOCK_H
#define FIRMWARE_EFI_CLOCK_H
/*
 * Microseconds from the processor's counter, whose rate the processor says, or which is measured once against Stall.
 *
 * No timer event: inside a Block IO call at TPL_CALLBACK none would come.
 */
#include "lib/types.h"

/* Takes some 30 ms if it has to measure. */
void clock_init(void);
usec clock_now(void);
void clock_wait_us(usec us);
uint32_t clock_khz(void);
#endif
