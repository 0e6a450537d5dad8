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

/* Of an open card; frames. */
struct intel_counters {
	uint32_t received, sent;
	uint32_t broken;                /* the card says so: checksum, symbol, sequence, carrier; or it has no head */
	uint32_t too_long;              /* longer than a buffer: its parts are dropped */
	uint32_t busy;                  /* not sent: the ring is full */
};

struct intel_counters intel_counted(const struct nic *nic);
#endif
