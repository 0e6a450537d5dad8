/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_STREAM_WINDOW_H
#define NETSTACK_STREAM_WINDOW_H
/*
 * How many datagrams a stream lets be under way, and how long it waits for an answer (protocol M28, M29).
 *
 * Facts go in (a round trip, an arrival, a loss, a time-out), a size and a
 * time-out come out. Until the first loss the size doubles with each full
 * window that arrives; from then on it grows by one for each of which at most
 * one datagram in sixteen was lost. A time-out halves it. It shrinks by what
 * was lost when that was more than an eighth: a queue that overflows, not a
 * bad cable.
 */
#include "netstack/stream.h"

enum {
	STREAM_WINDOW_FIRST    = 64,    /* at most, however much the card holds: a LAN takes that */
	STREAM_REORDERING      = 3,     /* later arrivals that mean a loss ... */
	STREAM_REORDERING_MAX  = 200,   /* ... until the network has shown that it only mixes them up */
};

/* first: 0 is STREAM_WINDOW_FIRST. */
void stream_window_init(struct stream_window *w, unsigned first, unsigned max);
void stream_window_limit(struct stream_window *w, unsigned max);
/* Another server: the road to it may mix up less. The round trip stays as a guess. */
void stream_window_forget(struct stream_window *w);
void stream_window_measure(struct stream_window *w, usec round_trip);
/* So many datagrams are under way now. A window that is never full does not grow: nobody knows what it would hold. */
void stream_window_asked(struct stream_window *w, unsigned under_way);
void stream_window_arrived(struct stream_window *w);
void stream_window_lost(struct stream_window *w);
/* What was presumed lost came after all. */
void stream_window_was_late(struct stream_window *w);
void stream_window_timed_out(struct stream_window *w, usec now, usec asked_at);
/* How long a first answer may take. */
usec stream_window_timeout(const struct stream_window *w);
/* When it is time for a probe: nothing came since something was `asked` last and data `came` last, and that is long.
   NEVER: no round trip was measured, or the window is never large enough for one. */
usec stream_window_silent_at(const struct stream_window *w, usec asked, usec came);
#endif
