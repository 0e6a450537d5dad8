/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/stream_request.h"
#include "netstack/stream_window.h"

/* M28. */
static const usec wait_max = 2 * USEC_PER_S;
/* A request whose own answers never come is not kept alive for ever by the arrivals of others. */
enum { WAITS_AT_MOST = 8 };
/* A probe may be lost, too. Whether who answers neither is slow or gone is for the time-out to judge. */
enum { PROBES_MAX = 2 };

/* Request numbers have 31 bits and go round. */
static bool is_before(uint32_t a, uint32_t b)
{
	return (int32_t)((a - b) << 1) < 0;
}

struct stream_request *stream_request_find(struct stream *s, uint32_t number)
{
	for (unsigned i = 0; i < s->in_use; i++)
		if (s->requests[i].state == STREAM_UNDER_WAY && s->requests[i].number == number)
			return &s->requests[i];
	return NULL;
}

void stream_request_cut(struct stream *s, struct stream_request *r)
{
	s->under_way -= bits_count(r->under_way);
	*r = (struct stream_request){
		.state = STREAM_UNDER_WAY, .number = s->next_request++ & ~LOGIN_REQUEST, .ahead = r->ahead,
		.offset = r->offset, .length = r->length, .segment = s->grant.segment, .into = r->into,
		.missing = stream_all_segments(stream_segments(r->length, s->grant.segment)), .io_errors = r->io_errors,
	};
}

/* A range of which there would be too many segments goes on as it is. */
static bool is_to_be_cut(const struct stream *s, const struct stream_request *r)
{
	return r->state == STREAM_UNDER_WAY && r->segment > s->grant.segment
	    && stream_segments(r->length, s->grant.segment) <= STREAM_SEGMENTS_MAX;
}

void stream_request_cut_larger(struct stream *s)
{
	struct stream_request *first;

	do {
		first = NULL;
		for (unsigned i = 0; i < s->in_use; i++) {
			struct stream_request *r = &s->requests[i];

			if (is_to_be_cut(s, r) && (!first || is_before(r->number, first->number)))
				first = r;
		}
		if (first)
			stream_request_cut(s, first);
	} while (first);
}

static bool goes_first(const struct stream_request *a, const struct stream_request *b)
{
	return a->ahead != b->ahead ? b->ahead : is_before(a->number, b->number);
}

static unsigned room(const struct stream *s)
{
	return s->window.size > s->under_way ? s->window.size - s->under_way : 0;
}

/*
 * Asking for a few segments costs as much as for many: it waits for a part of the window, unless it is all there is.
 * A lost Tread idles that part for a round trip: so a quarter, or of a small window half.
 */
static unsigned worth_asking(const struct stream *s, const struct stream_request *r)
{
	unsigned part = (unsigned)max_u64(s->window.size / 4, min_u64(s->window.size / 2, 8));

	if (r->is_urgent || part <= 1)
		return 1;
	return (unsigned)min_u64(bits_count(stream_request_unasked(r)), part);
}

int stream_request_next(const struct stream *s, usec now)
{
	int best = -1;

	for (int i = 0; i < (int)s->in_use; i++) {
		const struct stream_request *r = &s->requests[i];

		if (stream_request_unasked(r) && r->not_before <= now
		    && (best < 0 || goes_first(r, &s->requests[best])))
			best = i;
	}
	return best >= 0 && room(s) >= worth_asking(s, &s->requests[best]) ? best : -1;
}

static void write_read(const struct stream *s, const struct stream_request *r, uint64_t want, struct wr *w)
{
	uint8_t *start = w->at;
	struct stream_head head = {
		.type = STREAM_TREAD, .generation = r->generation, .request = r->number, .session = s->grant.session,
		.flags = (uint8_t)(s->config.stage_flag | (r->ahead ? STREAM_AHEAD : 0)),
	};
	struct stream_read read = {
		.content = s->grant.content, .offset = r->offset, .length = r->length, .segment = r->segment,
		.want = want, .ticket = s->grant.ticket,
	};

	wr_stream_read(w, &head, &read);
	if (wr_ok(w))
		stream_seal(start, wr_used(w, start), NULL);
}

static uint64_t generation_bit(uint8_t generation)
{
	return (uint64_t)1 << generation % 64;
}

static void count_ask(struct stream *s, const struct stream_request *r, uint64_t want)
{
	unsigned again = bits_count(want & r->asked);

	s->counters.requests       += r->asked == 0;
	s->counters.requests_again += again != 0;
	s->counters.segments       += bits_count(want);
	s->counters.segments_again += again;
}

void stream_request_ask(struct stream *s, struct stream_request *r, usec now, struct wr *w)
{
	uint64_t want = bits_first(stream_request_unasked(r), room(s));

	count_ask(s, r, want);
	if (r->asked)
		r->generation++;
	else
		r->wait = stream_window_timeout(&s->window);
	if (!r->under_way)
		r->oldest = s->order;
	for (unsigned i = 0; i < STREAM_SEGMENTS_MAX && want >> i; i++)
		if (want >> i & 1) {
			r->order[i]    = s->order++;
			r->newer[i]    = 0;
			r->asked_in[i] = r->generation;
		}
	if (!r->asked || r->is_sampled) {
		r->unmeasured    = r->generation;
		r->unmeasured_at = now;
	}
	r->asked      |= want;
	r->under_way  |= want;
	s->under_way  += bits_count(want);
	stream_window_asked(&s->window, s->under_way);
	r->asked_ahead = r->ahead;
	r->answered   &= ~generation_bit(r->generation);
	r->unanswered &= ~generation_bit(r->generation);
	r->is_sampled  = r->is_urgent = false;
	r->asked_at    = s->last_ask = now;
	r->jitter      = random_below(&s->random, (uint32_t)r->wait / 4);
	write_read(s, r, want, w);
}

usec stream_request_due(const struct stream *s, const struct stream_request *r)
{
	usec patience = r->wait + r->jitter;

	if (r->state != STREAM_UNDER_WAY || !r->under_way)
		return NEVER;
	/* While data flows the answer may stand in a queue behind it; what was really lost shows as a gap. */
	return min_u64(max_u64(r->asked_at, s->last_data) + patience, r->asked_at + WAITS_AT_MOST * patience);
}

void stream_request_give_up(struct stream *s, struct stream_request *r)
{
	s->under_way -= bits_count(r->under_way);
	r->under_way  = 0;
	r->is_urgent  = true;
}

void stream_request_time_out(struct stream *s, struct stream_request *r, usec now)
{
	stream_request_give_up(s, r);
	stream_window_timed_out(&s->window, now, r->asked_at);
	s->counters.timeouts++;
	r->presumed_lost = 0;
	r->wait = min_u64(r->wait * 2, wait_max);
}

void stream_request_postpone(struct stream_request *r, usec now)
{
	r->not_before = now + r->wait;
	r->wait       = min_u64(r->wait * 2, wait_max);
}

void stream_request_end(struct stream *s, struct stream_request *r, enum stream_want_state state)
{
	stream_request_give_up(s, r);
	r->state = state;
}

static void presume_lost(struct stream *s, struct stream_request *r, unsigned segment)
{
	uint64_t bit = (uint64_t)1 << segment, generation = generation_bit(r->asked_in[segment]);

	r->under_way     &= ~bit;
	r->presumed_lost |= bit;
	r->is_urgent      = true;
	s->under_way--;
	s->counters.segments_early++;
	if (r->unanswered & generation)
		return;
	/* Nothing came of this Tread: it was lost itself, on a road that tells nothing of the other. */
	if (!(r->answered & generation))
		r->unanswered |= generation;
	stream_window_lost(&s->window);
}

/* One more arrival of what was asked later, for each segment asked before it; after a silence one is enough. */
static void note_gaps(struct stream *s, struct stream_request *r, uint32_t order)
{
	bool is_probe = (int32_t)(order - s->probe_order) >= 0;
	/* What was asked last of all has come: nothing more can tell. Unless this network is known to mix them up. */
	bool is_last = order + 1 == s->order && s->window.reordering == STREAM_REORDERING;

	if ((int32_t)(r->oldest - order) >= 0)          /* all came in order: nearly always, and found out at once */
		return;
	for (unsigned i = 0; i < STREAM_SEGMENTS_MAX && r->under_way >> i; i++)
		if (r->under_way >> i & 1 && (int32_t)(r->order[i] - order) < 0
		    && (++r->newer[i] >= s->window.reordering || is_last
		        || (is_probe && (int32_t)(r->order[i] - s->probe_order) < 0)))
			presume_lost(s, r, i);
}

/* Servers may answer demand before read-ahead, so one says nothing about the other. */
static void note_gaps_everywhere(struct stream *s, uint32_t order, bool ahead)
{
	for (unsigned i = 0; i < s->in_use; i++)
		if (s->requests[i].state == STREAM_UNDER_WAY && s->requests[i].asked_ahead == ahead)
			note_gaps(s, &s->requests[i], order);
}

usec stream_request_probe_at(const struct stream *s)
{
	if (s->probes_sent == PROBES_MAX || !s->under_way || s->under_way > s->window.size)
		return NEVER;
	return stream_window_silent_at(&s->window, s->last_ask, s->last_data);
}

/* The newest; but what was a probe before last of all, so that the answer to either tells, however late it comes. */
static bool is_better_probe(const struct stream *s, uint32_t a, uint32_t b)
{
	bool a_was = s->probes_sent && (int32_t)(a - s->probe_order) >= 0;
	bool b_was = s->probes_sent && (int32_t)(b - s->probe_order) >= 0;

	return a_was != b_was ? b_was : (int32_t)(a - b) > 0;
}

void stream_request_probe(struct stream *s, usec now)
{
	struct stream_request *newest = NULL;
	unsigned segment = 0;

	for (unsigned i = 0; i < s->in_use; i++)
		for (unsigned n = 0; n < STREAM_SEGMENTS_MAX && s->requests[i].under_way >> n; n++)
			if (s->requests[i].under_way >> n & 1
			    && (!newest || is_better_probe(s, s->requests[i].order[n], newest->order[segment]))) {
				newest  = &s->requests[i];
				segment = n;
			}
	if (!newest)
		return;
	newest->under_way &= ~((uint64_t)1 << segment);
	newest->is_urgent  = true;
	newest->not_before = 0;
	s->under_way--;
	s->last_ask = now;              /* a report may leave before it: that is no second silence */
	if (!s->probes_sent++)
		s->probe_order = s->order;
}

/*
 * Of the newest Tread, or of the first that was not measured yet: a probe may have left before its answer came, and if
 * that were not measured each would be probed for ever on a road that has become longer.
 */
static void measure(struct stream *s, struct stream_request *r, usec now, uint8_t generation)
{
	if (r->is_sampled || (generation != r->generation && generation != r->unmeasured))
		return;
	stream_window_measure(&s->window, now - (generation == r->generation ? r->asked_at : r->unmeasured_at));
	r->is_sampled = true;
}

static void take_segment(struct stream *s, struct stream_request *r, usec now, unsigned segment, uint8_t generation)
{
	uint64_t bit = (uint64_t)1 << segment;
	bool is_newest = generation == r->asked_in[segment];

	if (r->presumed_lost & bit && (!is_newest || !(r->under_way & bit)))
		stream_window_was_late(&s->window);
	if (r->under_way & bit)
		s->under_way--;
	if (r->order[segment] == r->oldest)
		r->oldest++;
	r->under_way &= ~bit;
	r->missing   &= ~bit;
	r->answered  |= generation_bit(generation);
	measure(s, r, now, generation);
	stream_window_arrived(&s->window);
	r->wait = stream_window_timeout(&s->window);
	if (is_newest)
		note_gaps_everywhere(s, r->order[segment], r->asked_ahead);
	s->probes_sent = 0;
	if (!r->missing)
		stream_request_end(s, r, STREAM_READY);
}

/* M22: the segment these bytes are, or STREAM_SEGMENTS_MAX. */
static unsigned segment_of(const struct stream_request *r, uint64_t offset, size_t len)
{
	unsigned segment;
	uint32_t at;

	if (offset < r->offset || offset - r->offset >= r->length)
		return STREAM_SEGMENTS_MAX;
	at      = (uint32_t)(offset - r->offset);
	segment = at / r->segment;
	if (at % r->segment || len != stream_segment_bytes(r->length, r->segment, segment)
	    || !(r->asked >> segment & 1))
		return STREAM_SEGMENTS_MAX;
	return segment;
}

void stream_request_data(struct stream *s, struct stream_request *r, usec now, const struct stream_head *head,
                         uint64_t offset, struct rd data)
{
	size_t len = rd_left(&data);
	unsigned segment = segment_of(r, offset, len);

	if (segment == STREAM_SEGMENTS_MAX) {
		s->counters.dropped_foreign++;
	} else if (!(r->missing >> segment & 1)) {
		s->counters.dropped_duplicate++;
	} else {
		rd_bytes(&data, r->into + (size_t)segment * r->segment, len);
		s->counters.bytes += len;
		s->last_data = now;
		take_segment(s, r, now, segment, head->generation);
	}
}
