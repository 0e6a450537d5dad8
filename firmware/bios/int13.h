/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_BIOS_INT13_H
#define FIRMWARE_BIOS_INT13_H
/*
 * Interrupt 13h: from the assembler stub in hooks.inc to loader/attachment.h.
 * Resident, as is the attachment itself, which lives here.
 */
#include "firmware/bios/low.h"
#include "loader/attachment.h"

extern struct attachment attachment;

/* What the stub calls: reads low->vars.int13_regs, answers in them. */
uint32_t int13_from_real(struct low *block);
#endif
