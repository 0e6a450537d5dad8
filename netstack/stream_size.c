/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/stream_size.h"
#include "netstack/stream_request.h"
#include "netstack/stream_window.h"

/* One may be lost; when all are, it is the size. */
enum { PINGS = 4 };

/* M26: head and echo are as long as head, offset and data of an Rdata. */
static size_t echo_bytes(const struct stream_size *z)
{
	return z->allowed + (STREAM_DATA_HEAD_BYTES - STREAM_HEAD_BYTES);
}

void stream_size_begin(struct stream *s, usec now)
{
	struct stream_size *z = &s->size;

	z->pings = 0;
	s->grant.segment = z->allowed;
	if (z->allowed <= STREAM_SEGMENT_BYTES)
		return;
	s->grant.segment = STREAM_SEGMENT_BYTES;
	z->pings      = PINGS;
	z->due        = now;
	z->number     = s->next_request++ & ~LOGIN_REQUEST;
	z->generation = 0;
	for (unsigned i = 0; i < s->in_use; i++)
		if (s->requests[i].state == STREAM_UNDER_WAY && s->requests[i].segment > STREAM_SEGMENT_BYTES)
			stream_request_cut(s, &s->requests[i]);
}

void stream_size_limit(struct stream *s, uint16_t segment)
{
	if (segment < s->size.allowed) {
		s->size.allowed = segment;
		s->size.number  = LOGIN_REQUEST;        /* no answer is: what was asked for is too long now */
		s->size.pings   = 0;
	}
	s->grant.segment = (uint16_t)min_u64(s->grant.segment, segment);
}

bool stream_size_tx(struct stream *s, usec now, struct wr *w)
{
	struct stream_size *z = &s->size;
	struct stream_head head = {
		.type = STREAM_TPING, .flags = s->config.stage_flag, .generation = z->generation, .request = z->number,
		.session = s->grant.session,
	};
	uint8_t *start = w->at, *echo;

	if (!z->pings || now < z->due)
		return false;
	z->pings--;
	z->generation++;
	z->due = now + stream_window_timeout(&s->window);
	wr_stream_head(w, &head);
	echo = wr_take(w, echo_bytes(z));
	if (!echo)                              /* the card's frames are shorter */
		return false;
	memset(echo, 0, echo_bytes(z));
	stream_seal(start, wr_used(w, start), NULL);
	return true;
}

bool stream_size_rx(struct stream *s, const struct stream_head *head, struct rd echo)
{
	struct stream_size *z = &s->size;

	if (head->request != z->number || rd_left(&echo) != echo_bytes(z))
		return false;
	s->grant.segment = z->allowed;
	z->pings = 0;
	return true;
}

usec stream_size_wake_at(const struct stream *s)
{
	return s->size.pings ? s->size.due : NEVER;
}
