/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_EFI_COUNTER_H
#define FIRMWARE_EFI_COUNTER_H
/*
 * The processor's own counter, which goes on at one rate whatever the firmware does; clock.c makes microseconds of it.
 * Each processor's folder has one: x86_64 the TSC, aarch64 the generic timer's virtual count.
 */
#include "lib/types.h"

uint64_t counter_read(void);
/* Counts a millisecond, as the processor says; 0: it does not say, and the rate has to be measured. */
uint64_t counter_per_ms(void);
#endif
