/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/bios/low.h"

struct low *low;
uint8_t *volatile memory_bytes;

void real(uint16_t routine)
{
	void (*real32)(uint32_t offset) = (void (*)(uint32_t))(low->vars.base + low->code.real32);

	real32(routine);
}

struct low_regs real_int(uint8_t number, struct low_regs regs)
{
	low->vars.int_number = number;
	low->vars.int_regs = regs;
	real(low->code.interrupt);
	return low->vars.int_regs;
}
