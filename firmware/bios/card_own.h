/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_BIOS_CARD_OWN_H
#define FIRMWARE_BIOS_CARD_OWN_H
/*
 * A card without a PXE ROM, by a driver of ours (undi/drivers).
 *
 *     why = card_own_take(&c, address, driver)     c.nic is the card; else why not, and it is as it was
 *     card_own_give_back(&c)                       it reaches no memory any more, and is as it was
 *
 * One at a time; to give back what was not taken does nothing. Resident: INT 18h may give the machine back when the
 * boot is long over.
 */
#include "firmware/bios/pci_hardware.h"

struct card_own {
	struct nic *nic;                        /* NULL: not taken */
	const struct card_driver *driver;
	struct pci_hardware hardware;
};

const char *card_own_take(struct card_own *c, uint16_t address, const struct card_driver *driver);
void        card_own_give_back(struct card_own *c);
#endif
