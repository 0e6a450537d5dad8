/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef UNDI_DRIVERS_PCI_H
#define UNDI_DRIVERS_PCI_H
/* What drivers need of PCI configuration space (PCI Local Bus 3.0, chapter 6). */
#include "undi/drivers/hardware.h"

enum {
	PCI_VENDOR = 0, PCI_DEVICE = 2, PCI_COMMAND = 4, PCI_STATUS = 6, PCI_CAPABILITIES = 0x34,
	PCI_COMMAND_IO = 1, PCI_COMMAND_MEMORY = 2, PCI_COMMAND_MASTER = 4, PCI_COMMAND_NO_INTX = 0x400,
	PCI_STATUS_CAPABILITIES = 0x10,
	PCI_CAP_VENDOR = 9,
};

/* The card may be spoken to and may reach memory; it interrupts nobody. */
void pci_enable(struct hardware *h);
/* It reaches memory no more, and may interrupt whoever is next. */
void pci_disable(struct hardware *h);
/*
 * The next capability of this kind after the one at `after` (0: the first), or 0. A list that goes round, or leaves
 * where capabilities are, ends.
 */
unsigned pci_next_capability(struct hardware *h, unsigned after, uint8_t kind);
#endif
