/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_TFTP_PACE_H
#define NETSTACK_TFTP_PACE_H
/*
 * How long to wait for a TFTP server's next block: for the first one after an
 * ACK as long as the server is far, for the others of a window much shorter,
 * because they come one behind the other.
 *
 *     tftp_pace_init(&p, now)
 *     tftp_pace_asked(&p, now, is_anew)    an ACK was sent that blocks are awaited for, for the first time?
 *     tftp_pace_answered(&p, now)          the first of them came
 *     tftp_pace_again(&p)                  nothing came: p.wait is longer
 *     tftp_pace_hasten(&p)                 whole windows come: both may be short
 *
 * A window whose end was lost ends in silence: nothing comes after it that
 * would tell of the gap. After p.pause of it the ACK goes out (RFC 7440, 4:
 * a receiver may send one at any time). On a slow line the first block, too,
 * takes as long as any: a pause is never shorter than two of them.
 */
#include "lib/types.h"

struct tftp_pace {
	usec wait;                      /* for the first block after an ACK, and for answers to a request */
	usec pause;                     /* for the next block of a window */
	usec wait_min, pause_min, asked_at;
	bool is_anew;                   /* what comes answers that ACK and no other */
	unsigned answers;               /* to such ACKs */
	usec soonest;                   /* how long such an answer took at least */
};

void tftp_pace_init(struct tftp_pace *p, usec now);
void tftp_pace_asked(struct tftp_pace *p, usec now, bool is_anew);
void tftp_pace_answered(struct tftp_pace *p, usec now);
void tftp_pace_again(struct tftp_pace *p);
void tftp_pace_hasten(struct tftp_pace *p);
#endif
