/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_BIOS_CARD_H
#define FIRMWARE_BIOS_CARD_H
/*
 * From the registers the ROM called us with to a card that sends and receives.
 *
 *     if (!card_find(log) || !card_open(log, &card))
 *             return;                 why stands on the screen
 *
 * Discardable.
 */
#include "lib/log.h"
#include "undi/pxe.h"

/* The ROM's API, in the four ways of undi/pxe_find.h; undi_env() calls it from then on. */
bool card_find(struct log *log);

/* Waits for as long as only the cable is missing. False: Esc, or a ROM that cannot. */
bool card_open(struct log *log, struct pxe_card *card);
#endif
