/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_BIOS_RESIDENT_H
#define FIRMWARE_BIOS_RESIDENT_H
/*
 * What of the firmware itself stays after the system has started, beside the
 * attachment (int13.h): the card, and the part of struct port that the
 * attachment asks in interrupt 13h. main adds the discardable rest.
 */
#include "firmware/bios/low.h"
#include "loader/port.h"
#include "undi/pxe.h"

struct resident {
	struct port port;
	struct pxe_card card;
};

/* The one there is, with clock (main starts it) and idling; `block` becomes `low`. */
struct resident *resident_init(struct low *block);
#endif
