/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_BIOS_CARD_H
#define FIRMWARE_BIOS_CARD_H
/*
 * From the registers somebody called us with to a card that sends and receives.
 *
 *     if (!card_take(log, r))
 *             return;                 why stands on the screen
 *
 * If a PXE ROM called, that ROM's UNDI is driven. Who calls without one (firmware/bios/start.asm says how) names a
 * card: it is driven by a driver of ours (undi/drivers), or, if we have none, by the UNDI in that card's own ROM, if
 * it lets itself be loaded (card_rom.h). Where any card will do, it is the first with a cable of those we have a driver
 * for, then the first with such a ROM, then the first of ours.
 *
 * Discardable.
 */
#include "firmware/bios/resident.h"
#include "lib/log.h"
#include "loader/failure.h"

/* What fails before there is a boot that could explain it. */
void card_say(struct log *log, enum failure_code code);

/* Fills in r's card. Waits for as long as only a ROM's cable is missing; for that of our own card the boot does. */
bool card_take(struct log *log, struct resident *r);
#endif
