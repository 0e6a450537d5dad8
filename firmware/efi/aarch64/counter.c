/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/efi/counter.h"

/* Arm ARM, D11: the virtual count. The barrier keeps the read from happening before what it times. */
uint64_t counter_read(void)
{
	uint64_t count;

	__asm__ volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(count) : : "memory");
	return count;
}

/* The firmware has written its rate, in Hz, into a register that nothing fills by itself. */
uint64_t counter_per_ms(void)
{
	uint64_t hz;

	__asm__("mrs %0, cntfrq_el0" : "=r"(hz));
	return hz / 1000;
}
