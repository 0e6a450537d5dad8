/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_BIOS_PCI_SCAN_H
#define FIRMWARE_BIOS_PCI_SCAN_H
/*
 * Every function on the PCI buses, in the order of their addresses.
 *
 *     struct pci_scan s = { .read = read, .ctx = ctx, .last_bus = last_bus };
 *     while (pci_scan_next(&s))
 *             ...                     s.address, s.vendor, s.device
 *
 * Configuration space is read through a function the caller gives, so that the
 * host tests it against a made-up tree. Bridges are not followed: each bus up
 * to the last is asked, whoever leads there. A device's functions beyond the
 * first are asked for only if its header says that it has some (PCI Local Bus
 * 3.0, 6.2.1): there are devices that answer for all eight. Discardable.
 */
#include "lib/types.h"

enum { PCI_BUS_MAX = 255 };

struct pci_scan {
	/* Four bytes of a function (bus[8] device[5] function[3]) from `at` on; all ones where there is none. */
	uint32_t (*read)(void *ctx, uint16_t address, unsigned at);
	void *ctx;
	unsigned last_bus;                      /* PCI_BUS_MAX where nobody knows */

	unsigned next;                          /* address to ask next */
	bool     is_multi;                      /* it is of a device with several functions */
	uint16_t address, vendor, device;       /* what was found */
};

bool pci_scan_next(struct pci_scan *s);
#endif
