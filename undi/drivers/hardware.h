/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef UNDI_DRIVERS_HARDWARE_H
#define UNDI_DRIVERS_HARDWARE_H
/*
 * What a card's driver gets of the machine: the card's registers, memory the
 * card can reach, and time. firmware/ makes one; the tests make one whose card
 * is a fake that obeys the data sheet.
 *
 * A driver is one file with one struct card_driver. To add one:
 *
 *     1. ids      the PCI ids it knows, with the name people know the card by
 *     2. open     resets the card, reads its address, fills the receive ring, and fills in nic and its functions
 *     3. close    the card reads and writes no memory any more: after it, what `memory` was may be anything
 *     4. a fake of the card at register level beside it, and tests: every wait ends, whatever the card says
 *
 * A driver never waits longer than it says in its file, uses no interrupt,
 * trusts no length and no index that the card wrote, and has no variable: all
 * it needs is in `memory`, which it lays out itself.
 */
#include "netstack/nic.h"

struct hardware {
	/* PCI configuration space; bytes is 1, 2 or 4, and `at` a multiple of it. */
	uint32_t (*config_read)(struct hardware *h, unsigned at, unsigned bytes);
	void     (*config_write)(struct hardware *h, unsigned at, unsigned bytes, uint32_t value);
	/*
	 * The registers behind a base address, ports or memory; in the order of the calls. One that is not in `bars`
	 * (a bit each: it has an address, and we reach it) reads as ones, as a card does that was pulled.
	 */
	unsigned bars;
	uint32_t (*read)(struct hardware *h, unsigned bar, uint32_t at, unsigned bytes);
	void     (*write)(struct hardware *h, unsigned bar, uint32_t at, unsigned bytes, uint32_t value);
	usec     (*now)(struct hardware *h);

	/* The driver's, from open to close: aligned to 4096, zeroed, and where the card sees its first byte. */
	uint8_t *memory;
	size_t   memory_bytes;
	uint64_t memory_bus;
};

struct card_id { uint16_t vendor, device; const char *name; };

/* Of an open card; frames. */
struct card_counters {
	uint32_t received, sent;
	uint32_t broken;                        /* the card says so, or they have no head */
	uint32_t too_long;                      /* longer than a buffer */
	uint32_t busy;                          /* not sent: every buffer is still the card's */
	uint32_t lies;                          /* buffers it gave back that it did not have */
};

struct card_driver {
	const char *name;
	const struct card_id *ids;              /* ends with vendor 0 */
	/*
	 * The card is software that was written from its specification, as the driver was: no silicon and no board
	 * differs. So it is taken although a firmware has a driver, too.
	 */
	bool is_paravirtual;
	size_t memory_bytes;                    /* at least; with less open fails */
	/* NULL: nic is ready. Else why not, in words for the screen; the card is at rest then. */
	const char *(*open)(struct hardware *h, struct nic **nic);
	void        (*close)(struct nic *nic);
	const struct card_counters *(*counted)(const struct nic *nic);
};

static inline uint64_t hardware_bus(const struct hardware *h, const void *at)
{
	return h->memory_bus + (size_t)((const uint8_t *)at - h->memory);
}
#endif
