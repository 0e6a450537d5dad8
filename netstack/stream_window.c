/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/stream_window.h"

/* The probe's: a LAN answers sooner. */
static const usec silence_min = USEC_PER_MS / 2;
/* Below that the answers that are only late, and those to the probes, may be more than the card holds. */
enum { PROBED_WINDOW_MIN = 8 };
/* M28. */
static const usec timeout_first = 250 * USEC_PER_MS, timeout_min = 10 * USEC_PER_MS, timeout_max = 2 * USEC_PER_S;

void stream_window_init(struct stream_window *w, unsigned first, unsigned max)
{
	if (first == 0 || first > STREAM_WINDOW_FIRST)
		first = STREAM_WINDOW_FIRST;
	*w = (struct stream_window){ .size = first, .is_opening = true, .reordering = STREAM_REORDERING };
	stream_window_limit(w, max);
}

void stream_window_limit(struct stream_window *w, unsigned max)
{
	w->max = max ? max : 1;
	if (w->size > w->max)
		w->size = w->max;
}

void stream_window_forget(struct stream_window *w)
{
	w->arrived = w->lost = 0;
	w->reordering = STREAM_REORDERING;
}

/* RFC 6298 2.2 and 2.3. */
void stream_window_measure(struct stream_window *w, usec round_trip)
{
	usec off;

	if (round_trip == 0)
		round_trip = 1;                 /* 0 says "not measured" */
	off = round_trip > w->srtt ? round_trip - w->srtt : w->srtt - round_trip;
	if (w->srtt == 0) {
		w->srtt   = round_trip;
		w->rttvar = round_trip >> 1;
		return;
	}
	w->rttvar = w->rttvar - (w->rttvar >> 2) + (off >> 2);
	w->srtt   = w->srtt - (w->srtt >> 3) + (round_trip >> 3);
	if (w->srtt == 0)
		w->srtt = 1;
}

/* Once for each window's worth of datagrams. */
static void judge(struct stream_window *w)
{
	if (w->arrived + w->lost < w->size)
		return;
	w->is_opening = w->is_opening && w->lost == 0;
	if (w->lost * 16 <= w->size && w->size < w->max && w->was_full)
		w->size = w->is_opening ? (unsigned)min_u64(w->size * 2, w->max) : w->size + 1;
	else if (w->lost >= 2 && w->lost * 8 > w->size)
		w->size = w->lost * 2 > w->size ? (w->size + 1) / 2 : w->size - w->lost;
	w->arrived = w->lost = 0;
	w->was_full = false;
}

void stream_window_asked(struct stream_window *w, unsigned under_way)
{
	w->was_full |= under_way >= w->size - w->size / 4;
}

void stream_window_arrived(struct stream_window *w)
{
	w->arrived++;
	judge(w);
}

void stream_window_lost(struct stream_window *w)
{
	w->lost++;
	judge(w);
}

void stream_window_was_late(struct stream_window *w)
{
	w->reordering += w->reordering / 2;
	if (w->reordering > STREAM_REORDERING_MAX)
		w->reordering = STREAM_REORDERING_MAX;
}

void stream_window_timed_out(struct stream_window *w, usec now, usec asked_at)
{
	/* Requests that were asked together time out together; that is one event. */
	if (w->halved_at && asked_at < w->halved_at)
		return;
	w->halved_at  = now;
	w->is_opening = false;
	w->reordering = w->reordering / 2 > STREAM_REORDERING ? w->reordering / 2 : STREAM_REORDERING;
	w->size       = w->size > 1 ? w->size / 2 : 1;
	w->arrived    = w->lost = 0;
}

usec stream_window_timeout(const struct stream_window *w)
{
	if (w->srtt == 0)
		return timeout_first;
	return min_u64(max_u64(w->srtt + 4 * w->rttvar, timeout_min), timeout_max);
}

/* Who sent data is at it, and the next is close behind: one round trip is long then, not two. */
usec stream_window_silent_at(const struct stream_window *w, usec asked, usec came)
{
	const usec slack = 4 * w->rttvar;

	if (w->srtt == 0 || w->max < PROBED_WINDOW_MIN)
		return NEVER;
	return max_u64(asked + max_u64(2 * w->srtt + slack, silence_min),
	               came + max_u64(w->srtt + slack, silence_min));
}
