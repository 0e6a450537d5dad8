/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/bios/int13.h"

struct attachment attachment;
struct bios_disk bios_disk;

static uint32_t with_low_half(uint32_t whole, uint16_t half)
{
	return (whole & 0xffff0000u) | half;
}

/* The upper halves of the caller's registers stay as they were. */
uint32_t int13_from_real(struct low *block)
{
	struct low_regs *l = &block->vars.int13_regs;
	struct int13_regs r = {
		.ax = (uint16_t)l->eax, .bx = (uint16_t)l->ebx, .cx = (uint16_t)l->ecx, .dx = (uint16_t)l->edx,
		.si = (uint16_t)l->esi, .di = (uint16_t)l->edi, .ds = l->ds, .es = l->es,
	};

	if (!bios_disk_call(&bios_disk, &r)) {       /* the stub sent it, so it is our drive: cannot be */
		r.ax = (uint16_t)(AH_BAD_COMMAND << 8);
		r.carry = true;
	}
	l->eax = with_low_half(l->eax, r.ax);
	l->ebx = with_low_half(l->ebx, r.bx);
	l->ecx = with_low_half(l->ecx, r.cx);
	l->edx = with_low_half(l->edx, r.dx);
	l->esi = with_low_half(l->esi, r.si);
	l->edi = with_low_half(l->edi, r.di);
	l->es = r.es;
	l->flags = r.carry;
	return 0;
}
