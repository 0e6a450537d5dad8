/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/tftp_pace.h"

enum {
	/* One too many does no harm where a server knows windows; others may send each block twice from then on. */
	WAIT_MIN  = 250 * USEC_PER_MS, WAIT_WINDOWS = 60 * USEC_PER_MS, WAIT_MAX = 4000 * USEC_PER_MS,
	/*
	 * Longer than a switch's jitter; far below what a time-out costs. A server's first look at its disk takes
	 * longer, and the first windows tell whether they fit at all.
	 */
	PAUSE_MIN = 10 * USEC_PER_MS, PAUSE_FIRST = 50 * USEC_PER_MS,
};

void tftp_pace_init(struct tftp_pace *p, usec now)
{
	*p = (struct tftp_pace){ .wait = WAIT_MIN, .wait_min = WAIT_MIN, .pause = PAUSE_FIRST, .pause_min = PAUSE_FIRST,
	                         .asked_at = now, .is_anew = true, .soonest = NEVER };
}

void tftp_pace_asked(struct tftp_pace *p, usec now, bool is_anew)
{
	p->asked_at = now;
	p->is_anew  = is_anew;
}

/*
 * A far server must not be asked again before it can have answered, or it sends each window twice. Only what answers
 * an ACK that was sent once tells how far it is; until then the longer wait of the ACK that was answered stays.
 */
void tftp_pace_answered(struct tftp_pace *p, usec now)
{
	if (!p->is_anew)
		return;
	p->answers++;
	p->soonest = min_u64(p->soonest, now - p->asked_at);
	p->pause = min_u64(max_u64(2 * (now - p->asked_at), p->pause_min), WAIT_MAX);
	p->wait  = max_u64(p->pause, p->wait_min);
}

void tftp_pace_again(struct tftp_pace *p) { p->wait = min_u64(p->wait * 2, WAIT_MAX); }

void tftp_pace_hasten(struct tftp_pace *p)
{
	p->pause_min = PAUSE_MIN;
	p->wait_min  = WAIT_WINDOWS;
}
