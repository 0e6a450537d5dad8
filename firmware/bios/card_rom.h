/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_BIOS_CARD_ROM_H
#define FIRMWARE_BIOS_CARD_ROM_H
/*
 * A card that we have no driver for, by the UNDI in its own option ROM: Rill is the base code on top of it, as PXE 2.1
 * has it for a ROM that is split in two.
 *
 *     if (card_rom_find(log, vendor, device, &rom))   one in upper memory is for that card, and can be loaded
 *             if (card_rom_load(log, r, address, &rom))
 *                     pxe_open_new(&r->card, undi_env())      as any UNDI that nobody has started
 *     undi_rom_give_back(&r->rom)
 *
 * What goes wrong is said. A ROM is loaded once: iPXE's lies where its own loader puts what it unpacks
 * (docs/pxe-notes.md), so a second time it may unpack anything. Discardable.
 */
#include "firmware/bios/resident.h"
#include "lib/log.h"

bool card_rom_find(struct log *log, uint16_t vendor, uint16_t device, struct rom *rom);

/* Loads and starts it for the card at that place. False: it is as if it had not been. */
bool card_rom_load(struct log *log, struct resident *r, uint16_t address, const struct rom *rom);
#endif
