/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "undi/drivers/pci.h"

enum { FIRST = 0x40, LAST = 0xfc, CAPABILITIES_MAX = (LAST - FIRST) / 4 + 1 };

void pci_enable(struct hardware *h)
{
	uint32_t command = h->config_read(h, PCI_COMMAND, 2);

	h->config_write(h, PCI_COMMAND, 2,
	                command | PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER | PCI_COMMAND_NO_INTX);
}

void pci_disable(struct hardware *h)
{
	const uint32_t ours = PCI_COMMAND_MASTER | PCI_COMMAND_NO_INTX;

	h->config_write(h, PCI_COMMAND, 2, h->config_read(h, PCI_COMMAND, 2) & ~ours);
}

unsigned pci_next_capability(struct hardware *h, unsigned after, uint8_t kind)
{
	unsigned at;

	if (!(h->config_read(h, PCI_STATUS, 2) & PCI_STATUS_CAPABILITIES))
		return 0;
	at = h->config_read(h, after ? after + 1 : PCI_CAPABILITIES, 1) & LAST;
	for (unsigned seen = 0; seen < CAPABILITIES_MAX && at >= FIRST; seen++) {
		if (h->config_read(h, at, 1) == kind)
			return at;
		at = h->config_read(h, at + 1, 1) & LAST;
	}
	return 0;
}
