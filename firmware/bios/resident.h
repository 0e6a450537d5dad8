/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_BIOS_RESIDENT_H
#define FIRMWARE_BIOS_RESIDENT_H
/*
 * What of the firmware itself stays after the system has started, beside the
 * attachment (int13.h): the card, and the part of struct port that the
 * attachment asks in interrupt 13h. main adds the discardable rest.
 */
#include "firmware/bios/card_own.h"
#include "firmware/bios/low.h"
#include "firmware/bios/undi_rom.h"
#include "loader/port.h"
#include "undi/pxe.h"

struct resident {
	struct port port;
	struct nic *nic;                /* the card, which one of these two drives */
	uint16_t pci_address;           /* bus[8] device[5] function[3], or PXE_PCI_UNKNOWN */
	struct pxe_card card;           /* by the UNDI of the ROM that called us, or of one that we loaded */
	struct undi_rom rom;            /* the latter */
	struct card_own own;            /* by a driver of ours */
	bool has_api;                   /* the ROM that called us has base code for what we start */
	usec breathe_at;                /* when interrupts are let in again, while that waits */
};

/* The one there is, with clock (main starts it) and idling; `block` becomes `low`. */
struct resident *resident_init(struct low *block);

/* Whatever drives the card lets go of it. */
void resident_close_card(struct resident *r);

/* low->vars.leave_c, where no ROM called us: our own driver's card would go on writing to memory that is given back. */
uint32_t resident_leave(struct low *block);
#endif
