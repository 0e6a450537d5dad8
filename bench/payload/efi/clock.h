/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef BENCH_PAYLOAD_EFI_CLOCK_H
#define BENCH_PAYLOAD_EFI_CLOCK_H
/* The TSC as a clock, calibrated by Stall: the shortest of some, for whatever disturbs only adds. */
#include <efi.h>
#include "lib/types.h"

struct clock { uint64_t tsc_per_ms; };

void clock_calibrate(struct clock *c, EFI_BOOT_SERVICES *bs);
uint64_t clock_us(const struct clock *c, uint64_t ticks);
static inline uint64_t clock_ticks(void) { return __builtin_ia32_rdtsc(); }
#endif
