/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/efi/counter.h"

uint64_t counter_read(void) { return __builtin_ia32_rdtsc(); }

/* CPUID 15h would say it, of a few processors only, and hypervisors leave it empty. */
uint64_t counter_per_ms(void) { return 0; }
