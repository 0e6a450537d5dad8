/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "sim/reading.h"

static void later(struct reading *r, enum trouble what, unsigned server, usec wait)
{
	if (r->pending_count < COUNT_OF(r->pending))
		r->pending[r->pending_count++] = (struct pending){ r->now + wait, what, server };
}

static void trouble_begins(struct reading *r, enum trouble what)
{
	unsigned server = r->stream.server < r->server_count ? r->stream.server : 0;

	r->tally->troubles[what]++;
	switch (what) {
	case TROUBLE_RESTART:
		r->servers[server].is_down = true;
		later(r, what, server, random_below(&r->random, 3 * USEC_PER_S));
		break;
	case TROUBLE_KEY:
		r->key++;
		for (unsigned i = 0; i < r->server_count; i++)
			r->servers[i].is_down = true;
		later(r, what, 0, random_below(&r->random, 2 * USEC_PER_S));
		break;
	case TROUBLE_DEATH:
		r->servers[server].is_down = true;
		break;
	case TROUBLE_DRAIN:
		r->servers[server].server.draining = true;
		later(r, what, server, USEC_PER_S);
		break;
	case TROUBLE_SILENCE:
		r->air.is_cut[READER] = true;
		later(r, what, 0, 200000 + random_below(&r->random, 6 * USEC_PER_S));
		break;
	case TROUBLE_MOVE:
		r->ip++;
		stream_moved(&r->stream, r->now);
		break;
	case TROUBLE_IO:
		for (unsigned i = 0; i < r->server_count; i++)
			r->servers[i].is_broken = true;
		r->io_may_fail = true;
		later(r, what, 0, random_below(&r->random, 500000));
		break;
	case TROUBLE_TUNNEL:
		r->air.weather.bytes_max = TUNNEL_BYTES;
		break;
	case TROUBLE_REDIRECT: case TROUBLE_COUNT:
		break;
	}
}

static void trouble_ends(struct reading *r, const struct pending *p)
{
	switch (p->what) {
	case TROUBLE_RESTART:
		provider_restart(&r->servers[p->server], r->key);
		r->servers[p->server].is_down = false;
		break;
	case TROUBLE_KEY:
		for (unsigned i = 0; i < r->server_count; i++) {
			provider_restart(&r->servers[i], r->key);
			r->servers[i].is_down = false;
		}
		break;
	case TROUBLE_DRAIN:
		r->servers[p->server].is_down = true;
		break;
	case TROUBLE_SILENCE:
		r->air.is_cut[READER] = false;
		break;
	case TROUBLE_IO:
		for (unsigned i = 0; i < r->server_count; i++)
			r->servers[i].is_broken = false;
		break;
	default:
		break;
	}
}

usec trouble_turn(struct reading *r)
{
	usec next = NEVER;

	while (r->planned_count && r->is_streaming && r->done >= r->planned[r->planned_count - 1].at_bytes)
		trouble_begins(r, r->planned[--r->planned_count].what);
	for (unsigned i = 0; i < r->pending_count; i++) {
		if (r->pending[i].at <= r->now) {
			trouble_ends(r, &r->pending[i]);
			r->pending[i--] = r->pending[--r->pending_count];
		} else {
			next = min_u64(next, r->pending[i].at);
		}
	}
	return next;
}

/* One seed in three is without; death and drain need a second server, and only one of them happens. */
void trouble_plan(struct reading *r)
{
	static const enum trouble alone[] = { TROUBLE_RESTART, TROUBLE_KEY, TROUBLE_SILENCE, TROUBLE_MOVE, TROUBLE_IO,
	                                      TROUBLE_TUNNEL };
	unsigned count = random_below(&r->random, 3);
	uint64_t at = r->goal;

	for (unsigned i = 0; i < count; i++) {
		at = random_below(&r->random, (uint32_t)at);
		r->planned[r->planned_count++] =
			(struct planned){ at, alone[random_below(&r->random, COUNT_OF(alone))] };
	}
	if (r->server_count > 1 && random_below(&r->random, 2) == 0) {
		at = random_below(&r->random, (uint32_t)r->goal);
		r->planned_count = 1;
		r->planned[0] = (struct planned){ at, random_below(&r->random, 2) ? TROUBLE_DEATH : TROUBLE_DRAIN };
	}
}
