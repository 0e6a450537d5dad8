/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_BIOS_INT13_H
#define FIRMWARE_BIOS_INT13_H
/*
 * Interrupt 13h: from the assembler stub in hooks.inc to loader/bios_disk.h.
 * Resident, as are the attachment and its drive, which live here.
 */
#include "firmware/bios/low.h"
#include "loader/bios_disk.h"

extern struct attachment attachment;
extern struct bios_disk bios_disk;

/* What the stub calls: reads low->vars.int13_regs, answers in them. */
uint32_t int13_from_real(struct low *block);
#endif
