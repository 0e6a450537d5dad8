/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/stream_size.h"
#include "netstack/stream_request.h"

/* From one ping to the next; twice as long each time, as on a path that carries none it is never answered. */
static const usec wait_first = 250 * USEC_PER_MS, wait_max = 60 * USEC_PER_S;

static bool is_asking(const struct stream *s)
{
	return s->grant.segment < s->size.allowed;
}

/* The answer is one datagram more than those the window counts, and the card may hold no more than these. */
static bool has_room(const struct stream *s)
{
	return s->under_way < s->window.size;
}

/* M26: head and echo are as long as head, offset and data of an Rdata. */
static size_t echo_bytes(const struct stream *s)
{
	return s->size.allowed + (STREAM_DATA_HEAD_BYTES - STREAM_HEAD_BYTES);
}

void stream_size_begin(struct stream *s, usec now)
{
	s->grant.segment = (uint16_t)min_u64(s->size.allowed, STREAM_SEGMENT_BYTES);
	stream_request_cut_larger(s);
	if (!is_asking(s))
		return;
	s->size.number     = s->next_request++ & ~LOGIN_REQUEST;
	s->size.generation = 0;
	s->size.due        = now;
	s->size.wait       = wait_first;
}

void stream_size_limit(struct stream *s, uint16_t segment)
{
	s->size.allowed  = (uint16_t)min_u64(s->size.allowed, segment);
	s->grant.segment = (uint16_t)min_u64(s->grant.segment, segment);
}

bool stream_size_tx(struct stream *s, usec now, struct wr *w)
{
	struct stream_size *z = &s->size;
	struct stream_head head = {
		.type = STREAM_TPING, .flags = s->config.stage_flag, .generation = z->generation, .request = z->number,
		.session = s->grant.session,
	};
	uint8_t *start = w->at;

	if (!is_asking(s) || !has_room(s) || now < z->due)
		return false;
	z->generation++;
	z->due  = now + z->wait;
	z->wait = min_u64(z->wait * 2, wait_max);
	wr_stream_head(w, &head);
	for (size_t n = echo_bytes(s); n; n--)
		wr_u8(w, 0);
	if (!wr_ok(w))                          /* the card's frames are shorter */
		return false;
	stream_seal(start, wr_used(w, start), NULL);
	return true;
}

bool stream_size_rx(struct stream *s, const struct stream_head *head, struct rd echo)
{
	if (!is_asking(s) || head->request != s->size.number || rd_left(&echo) != echo_bytes(s))
		return false;
	s->grant.segment = s->size.allowed;
	return true;
}

usec stream_size_wake_at(const struct stream *s)
{
	return is_asking(s) && has_room(s) ? s->size.due : NEVER;
}
