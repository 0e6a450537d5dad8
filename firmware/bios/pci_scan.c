/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/bios/pci_scan.h"

enum { IDS = 0, HEADER = 0x0c, FUNCTIONS = 8, NOBODY = 0xffff };
#define HEADER_MULTI (0x80u << 16)

/* A bus that ends in nothing reads as ones; some host bridges make that zeros. */
static bool is_there(uint32_t ids) { return (ids & NOBODY) != NOBODY && (ids & NOBODY) != 0; }

bool pci_scan_next(struct pci_scan *s)
{
	const unsigned last = s->last_bus < PCI_BUS_MAX ? s->last_bus : PCI_BUS_MAX, end = (last + 1) << 8;

	while (s->next < end) {
		const uint16_t address = (uint16_t)s->next;
		const uint32_t ids = s->read(s->ctx, address, IDS);

		if (address % FUNCTIONS == 0)
			s->is_multi = is_there(ids) && s->read(s->ctx, address, HEADER) & HEADER_MULTI;
		s->next += s->is_multi ? 1 : FUNCTIONS;
		if (!is_there(ids))
			continue;
		s->address = address;
		s->vendor = (uint16_t)ids;
		s->device = (uint16_t)(ids >> 16);
		return true;
	}
	return false;
}
