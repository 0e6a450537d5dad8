/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef UNDI_DRIVERS_DRIVERS_H
#define UNDI_DRIVERS_DRIVERS_H
/* All our drivers, and which of them knows a card. A new one is added to the list in drivers.c. */
#include "undi/drivers/hardware.h"

/* NULL: none. *name: what people call the card. */
const struct card_driver *driver_for(uint16_t vendor, uint16_t device, const char **name);
#endif
