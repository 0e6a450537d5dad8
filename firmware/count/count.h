/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_COUNT_COUNT_H
#define FIRMWARE_COUNT_COUNT_H
/*
 * How many frames a second a card can bring us at all: what count.kpxe and count.efi measure.
 *
 *     count_run(&c)           c's first part filled in; false: why has been said
 *
 * The receive path is the firmware's own; the frames are counted and dropped. What it prints is the limit that
 * Rill's disk is measured against (docs/performance.md). One line a rate, and one for how often a second it can ask for
 * as many frames as 4 KiB of a disk are, and have them, one question at a time:
 *
 *     count asked_pps=8000 us=2000113 frames=15321 bytes=22552512 sent=16001
 *     count asked_frames=3 us=2000402 answers=3512 lost=0
 *
 * bytes are UDP payload; sent is how many frames the sender had sent when the last one we saw left.
 */
#include "firmware/count/counter.h"
#include "netstack/dhcp.h"

struct count {
	struct nic *card;
	struct log *log;
	usec (*now)(void);
	uint64_t seed;
	struct dhcp_identity who;       /* the MAC is the card's */
	const uint32_t *rates;          /* frames a second; 0: as fast as the sender can */
	size_t rate_count;

	struct counter counter;
	struct net  net;
	struct dhcp dhcp;
};

bool count_run(struct count *c);
#endif
