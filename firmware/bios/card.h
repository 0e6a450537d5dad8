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
 * card, and no ROM is looked for: it is driven by a driver of ours (undi/drivers). Where any card will do, it is the
 * first with a cable of those we have a driver for, or the first if none has one.
 *
 * Discardable.
 */
#include "firmware/bios/resident.h"
#include "lib/log.h"

/* Fills in r's card. Waits for as long as only a ROM's cable is missing; for that of our own card the boot does. */
bool card_take(struct log *log, struct resident *r);
#endif
