/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/bios/card_own.h"

const char *card_own_take(struct card_own *c, uint16_t address, const struct card_driver *driver)
{
	const char *why;

	*c = (struct card_own){ .driver = driver };
	pci_hardware_open(&c->hardware, address);
	why = driver->open(&c->hardware.h, &c->nic);
	if (!why)
		return NULL;
	pci_hardware_close(&c->hardware);
	c->nic = NULL;
	return why;
}

void card_own_give_back(struct card_own *c)
{
	if (!c->nic)
		return;
	c->driver->close(c->nic);
	c->nic = NULL;
	pci_hardware_close(&c->hardware);
}
