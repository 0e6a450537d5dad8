/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_BIOS_MACHINE_H
#define FIRMWARE_BIOS_MACHINE_H
/*
 * The PC behind loader/platform.h: its memory map, its vectors, and the ways
 * out: a disk's boot sector, another program, back to the ROM. Discardable.
 */
#include "firmware/bios/resident.h"
#include "loader/platform.h"

/* Fills in the memory, the actions and the card's facts; main adds port and build. */
void machine_init(struct platform *p, struct resident *r);
#endif
