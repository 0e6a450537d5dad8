/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef UNDI_DRIVERS_INTEL_FAKE_H
#define UNDI_DRIVERS_INTEL_FAKE_H
/*
 * An 8254x at the level of registers and descriptors (undi/drivers/intel.h names the manuals), and what may be wrong
 * with one. Host only; for *_test.c.
 *
 *     intel_fake_init(&f);  set what is odd;  intel_82540em.open(&f.h, &nic)
 *     intel_fake_receives(&f, bytes, len, errors)      a frame from the cable; false: the ring is full, or it is deaf
 *     intel_fake_sends(&f)             it looks at its transmit ring; f.wire is the last frame
 */
#include "lib/test.h"
#include "undi/drivers/intel.h"

enum { INTEL_FAKE_MEMORY = 8 << 20 };
#define INTEL_FAKE_BUS 0x7800000000u    /* where the card sees the driver's memory */

struct intel_fake {
	struct hardware h;
	uint8_t *memory;
	usec     clock;

	/* What is odd about it. */
	bool     never_resets, keeps_the_bus, is_pulled, has_no_address;
	bool     link;

	/* What happened. */
	uint32_t registers[0x6000 / 4];
	uint16_t command;                       /* PCI's */
	unsigned resets, tails, filters;        /* writes of RDT, of RCTL */
	uint8_t  wire[16384];
	size_t   wire_len;
	unsigned wire_frames;
};

void intel_fake_init(struct intel_fake *f);
void intel_fake_end(struct intel_fake *f);
bool intel_fake_receives(struct intel_fake *f, const void *bytes, size_t len, uint8_t errors);
void intel_fake_sends(struct intel_fake *f);
uint32_t intel_fake_register(const struct intel_fake *f, uint32_t at);
#endif
