/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef UNDI_DRIVERS_INTEL_H
#define UNDI_DRIVERS_INTEL_H
/*
 * Intel's gigabit cards with the registers and the 16-byte descriptors of the
 * 8254x: the 82540EM ("e1000" of QEMU and others) and the 82574L ("e1000e").
 *
 * Sources: PCI/PCI-X Family of Gigabit Ethernet Controllers Software
 * Developer's Manual (317453), chapters 3, 13 and 14; 82574 GbE Controller
 * Family Datasheet (317694), chapters 4, 7 and 10.
 */
#include "undi/drivers/hardware.h"

extern const struct card_driver intel_82540em, intel_82574l;
#endif
