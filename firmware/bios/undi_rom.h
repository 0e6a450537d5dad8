/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_BIOS_UNDI_ROM_H
#define FIRMWARE_BIOS_UNDI_ROM_H
/*
 * The UNDI of an option ROM that has not started us, in base memory below the low block.
 *
 *     rom_place(&rom, undi_rom_top(), &place)
 *     undi_rom_take(&u, &place)               memory for its segments, zeros; 40:13 is lowered to it
 *     ...                                     the loader is called, and the UNDI started (card_rom.c)
 *     u.is_started = true                     START_UNDI was called: STOP_UNDI has to be
 *     undi_rom_give_back(&u)                  stopped; memory and 40:13 are as before
 *
 * What lay there is kept in the memory of a card (pci_hardware.h), for none of ours is driven meanwhile. A UNDI that
 * does not let go of its interrupts keeps its memory, and 40:13 stays. To give back what was not taken does nothing.
 * Resident: INT 18h may give the machine back when the boot is long over.
 */
#include "undi/rom_id.h"

struct undi_rom {
	uint32_t from, bytes;                   /* bytes 0: none is loaded */
	uint16_t base_kb;                       /* 40:13 before */
	bool     is_started, is_kept;           /* kept: it did not let go */
};

/* Where free base memory ends. */
uint32_t undi_rom_top(void);
void undi_rom_take(struct undi_rom *u, const struct rom_place *place);
void undi_rom_give_back(struct undi_rom *u);
#endif
