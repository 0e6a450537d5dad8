/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LIB_RETRY_H
#define LIB_RETRY_H
/*
 * When to send again, and when to give up.
 *
 * A retry owns no callback and reads no clock: its owner passes the time in
 * and acts on the answer. Waits double from first_wait up to max_wait.
 */
#include "lib/types.h"

struct retry_policy { usec first_wait, max_wait; unsigned sends_max; };
struct retry        { usec due, wait; unsigned sends_left; };

enum retry_verdict { RETRY_WAIT, RETRY_SEND, RETRY_GIVE_UP };

static inline void retry_start(struct retry *r, const struct retry_policy *p, usec now)
{
	*r = (struct retry){ .due = now, .wait = p->first_wait, .sends_left = p->sends_max };
}

static inline enum retry_verdict retry_poll(struct retry *r, const struct retry_policy *p, usec now)
{
	if (now < r->due)
		return RETRY_WAIT;
	if (r->sends_left == 0)
		return RETRY_GIVE_UP;
	r->sends_left--;
	r->due  = now + r->wait;
	r->wait = r->wait * 2 < p->max_wait ? r->wait * 2 : p->max_wait;
	return RETRY_SEND;
}
#endif
