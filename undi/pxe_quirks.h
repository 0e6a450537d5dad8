/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef UNDI_PXE_QUIRKS_H
#define UNDI_PXE_QUIRKS_H
/*
 * What is to be known of a card by its PCI id: what the usual driver of its ROM, or the card itself, cannot stand.
 *
 *     q = pxe_quirks_of(vendor, device)       always something: most cards have none
 *
 * A pure function over a table. Each row has a line in docs/pxe-notes.md and a test; what is odd about an
 * answer, whoever gives it, is judged in pxe.c.
 */
#include "lib/types.h"

enum {
	/*
	 * Frames outstanding where iPXE's driver for Intel's 8255x is: it has four receive buffers, and goes wild
	 * when the card reaches the last one. Two of ours leave room for one of somebody else's.
	 */
	PXE_FRAMES_SHORT_RING = 2,
	/*
	 * What an IP datagram has on an NE2000: with Ethernet's head and 8 bytes of the chip's it fills five pages
	 * of 256. QEMU's takes a frame when six are free; if it fills those the ring counts as empty.
	 */
	PXE_MTU_FIVE_PAGES = 5 * 256 - 14 - 8,
};

struct pxe_quirks {
	uint16_t frames_max;            /* frames it holds; 0: as many as others */
	uint16_t mtu_max;               /* 0: Ethernet's */
	bool     goes_deaf;             /* it may send on and hear nothing */
};

const struct pxe_quirks *pxe_quirks_of(uint16_t vendor, uint16_t device);
#endif
