/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef FIRMWARE_COUNT_COUNTER_H
#define FIRMWARE_COUNT_COUNTER_H
/*
 * A card that counts the frames of a blast itself and shows the stack only the others.
 *
 *     counter_init(&c, card)          c.nic is what the stack gets instead of the card
 *     counter_start(&c, run)          from here on frames of this run count; 0: none
 *
 * A blast is what bench/blaster.c sends: UDP with a payload of "RCNT", run[4], sequence[4], padding. It is asked
 * for with "RCNT", run[4], frames_per_s[4], ms[4], payload[2], answer[2]; frames_per_s 0 is as fast as can be. With an
 * answer that is not 0 just so many frames come at once, each time they are asked for, as a server answers a read.
 */
#include "netstack/nic.h"

enum { COUNTER_MAGIC = 0x52434e54, COUNTER_ANSWER_MAX = 16 };

struct counter {
	struct nic nic;                 /* first: its functions get their counter back from it */
	struct nic *card;
	uint32_t run;
	uint32_t frames, bytes, last;   /* of this run; last sequence number */
	uint32_t all;                   /* of any run */
};

struct counter_ask { uint32_t run, frames_per_s, ms; uint16_t payload, answer; };

void counter_init(struct counter *c, struct nic *card);
void counter_start(struct counter *c, uint32_t run);
void counter_emit(struct wr *w, const struct counter_ask *ask);
#endif
