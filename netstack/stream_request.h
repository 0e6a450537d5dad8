/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_STREAM_REQUEST_H
#define NETSTACK_STREAM_REQUEST_H
/*
 * The requests of a stream: which segments are missing, asked for, arrived, lost.
 *
 * Private to netstack/stream*.c. A segment of a request that is under way is
 * either unasked (missing, and to be asked for), under way, or here. Losing
 * one makes it unasked again; so there is one road for what is asked first,
 * again after a time-out (M28), early after a gap, or from another server.
 */
#include "netstack/stream.h"

/* Bits of a map. By hand: on i386 the compiler would call a library we do not have. */
static inline unsigned bits_count(uint64_t map)
{
	unsigned n = 0;

	for (; map; map &= map - 1)
		n++;
	return n;
}

/* The lowest n bits that are set. */
static inline uint64_t bits_first(uint64_t map, unsigned n)
{
	uint64_t rest = map;

	while (n-- && rest)
		rest &= rest - 1;
	return map & ~rest;
}

static inline uint64_t stream_request_unasked(const struct stream_request *r)
{
	return r->state == STREAM_UNDER_WAY ? r->missing & ~r->under_way : 0;
}

/* Cuts its range into the stream's segments: as a new request, of which nothing was asked yet. */
void stream_request_cut(struct stream *s, struct stream_request *r);
/* All that are under way in larger segments than the stream's, in their order. */
void stream_request_cut_larger(struct stream *s);
/* The request under way with this number, or NULL. */
struct stream_request *stream_request_find(struct stream *s, uint32_t number);
/* Whose turn it is to ask, if the window lets it: demand before read-ahead, then as they were wanted. -1: nobody's. */
int stream_request_next(const struct stream *s, usec now);

/* Asks for as much of a request as the window takes: writes a Tread. */
void stream_request_ask(struct stream *s, struct stream_request *r, usec now, struct wr *w);
/* Its time-out; NEVER if it waits for nothing. */
usec stream_request_due(const struct stream *s, const struct stream_request *r);
void stream_request_time_out(struct stream *s, struct stream_request *r, usec now);
/*
 * When the end of what is under way is lost, nothing newer comes to tell. So
 * after a silence the newest segment is asked for again, and after another the
 * one before it: either answer tells.
 */
usec stream_request_probe_at(const struct stream *s);
void stream_request_probe(struct stream *s, usec now);
/* What is under way is not waited for any more. */
void stream_request_give_up(struct stream *s, struct stream_request *r);
/* Not before a while from now, which doubles each time. */
void stream_request_postpone(struct stream_request *r, usec now);

/* Rdata for this request. */
/* What a good Rdata said. */
void stream_request_data(struct stream *s, struct stream_request *r, usec now, const struct stream_head *head,
                         uint64_t offset, struct rd data);
void stream_request_end(struct stream *s, struct stream_request *r, enum stream_want_state state);
#endif
