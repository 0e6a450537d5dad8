/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/stream.h"
#include "netstack/stream_notice.h"
#include "netstack/stream_renewal.h"
#include "netstack/stream_request.h"
#include "netstack/stream_size.h"
#include "netstack/stream_window.h"

/* M30, and how long a client that leaves waits for Rbye. */
static const usec silence_max = USEC_PER_S, bye_max = USEC_PER_S;
/* Whoever did not turn for so long was not listening: its silence is nobody's fault. */
static const usec inattention = 3 * (USEC_PER_S / 2);
/* IO_ERRORs of one request that are a reason to tell the user (M25). */
enum { IO_ERRORS_MAX = 4 };

void stream_init(struct stream *s, const struct stream_config *config, const struct login_grant *grant,
                 struct log *log, usec now, uint64_t seed)
{
	*s = (struct stream){
		.log = log, .config = *config, .grant = *grant, .random = random_from(seed),
		.next_request = config->first_request, .server = grant->server_current,
		.login_due = NEVER, .turned_at = now, .last_heard = now,
	};
	if (!s->next_request)
		s->next_request = random_u32(&s->random);
	s->size.allowed = (uint16_t)(min_u64(grant->segment, config->segment_max) & ~15u);
	stream_size_begin(s, now);
	stream_window_init(&s->window, config->window_first, (unsigned)min_u64(config->window_max, grant->window));
	stream_renewal_plan(s);
}

uint32_t stream_request_bytes_max(const struct stream *s)
{
	uint32_t most = (uint32_t)s->grant.segment * STREAM_SEGMENTS_MAX & ~(STREAM_SECTOR_BYTES - 1u);

	return most < STREAM_REQUEST_BYTES_MAX ? most : STREAM_REQUEST_BYTES_MAX;
}

static bool is_in_range(const struct stream *s, uint64_t offset, uint32_t length)
{
	return length && length <= stream_request_bytes_max(s) && length % STREAM_SECTOR_BYTES == 0
	    && offset % STREAM_SECTOR_BYTES == 0 && length <= s->grant.size && offset <= s->grant.size - length;
}

static int want(struct stream *s, uint64_t offset, uint32_t length, uint8_t *into, bool ahead)
{
	struct stream_request *r;
	int id = 0;

	while (id < STREAM_REQUESTS_MAX && s->requests[id].state != STREAM_FREE)
		id++;
	if (id == STREAM_REQUESTS_MAX)
		return -1;
	s->in_use = (unsigned)max_u64(s->in_use, (unsigned)id + 1);
	r = &s->requests[id];
	*r = (struct stream_request){
		.state = STREAM_BAD_RANGE, .ahead = ahead, .offset = offset, .length = length, .into = into,
	};
	if (is_in_range(s, offset, length))
		stream_request_cut(s, r);
	return id;
}

int stream_want(struct stream *s, usec now, uint64_t offset, uint32_t length, uint8_t *into)
{
	(void)now;
	return want(s, offset, length, into, false);
}

int stream_want_ahead(struct stream *s, usec now, uint64_t offset, uint32_t length, uint8_t *into)
{
	(void)now;
	return want(s, offset, length, into, true);
}

bool stream_hurry(struct stream *s, int id)
{
	bool was_ahead = s->requests[id].ahead;

	s->requests[id].ahead = false;
	return was_ahead;
}

static void note_free(struct stream *s)
{
	while (s->in_use && s->requests[s->in_use - 1].state == STREAM_FREE)
		s->in_use--;
}

enum stream_want_state stream_take(struct stream *s, int id)
{
	enum stream_want_state state = s->requests[id].state;

	if (state != STREAM_UNDER_WAY) {
		s->requests[id].state = STREAM_FREE;
		note_free(s);
	}
	return state;
}

void stream_drop(struct stream *s, int id)
{
	if (s->requests[id].state != STREAM_FREE)
		stream_request_end(s, &s->requests[id], STREAM_FREE);
	note_free(s);
}

void stream_moved(struct stream *s, usec now)
{
	stream_size_begin(s, now);
	stream_renewal_begin(s, now);
}

void stream_report(struct stream *s, usec now, uint8_t step, const char *text)
{
	stream_notice_begin(s, &s->report, STREAM_TSTATUS, now, NEVER, text);
	s->report.step = step;
}

void stream_bye(struct stream *s, usec now, const char *why)
{
	for (int id = 0; id < STREAM_REQUESTS_MAX; id++)
		stream_drop(s, id);
	s->login_busy        = false;
	s->login_due         = s->refresh_at = NEVER;
	s->report.is_waiting = false;
	stream_notice_begin(s, &s->bye, STREAM_TBYE, now, now + bye_max, why);
}

/* Goes to the next server of the list, with all that is under way. */
static void move_on(struct stream *s, usec now)
{
	for (unsigned i = 0; i < s->in_use; i++) {
		struct stream_request *r = &s->requests[i];

		if (r->state != STREAM_UNDER_WAY)
			continue;
		stream_request_give_up(s, r);
		r->presumed_lost = 0;
		r->not_before    = 0;
	}
	s->server   = s->server + 1 < s->grant.server_count ? s->server + 1 : 0;
	s->moved_at = s->waiting_since = now;
	stream_window_forget(&s->window);
	stream_size_begin(s, now);
	for (unsigned i = 0; i < s->in_use; i++)
		s->requests[i].wait = stream_window_timeout(&s->window);
	s->counters.failovers++;
	if (s->login_busy)
		stream_renewal_begin(s, now);
}

/* M30: for a second something was asked and nothing came. */
static void judge_silence(struct stream *s, usec now)
{
	if (now - s->turned_at > inattention)
		s->waiting_since = now;
	if (!s->is_waiting || now - s->waiting_since < silence_max)
		return;
	if (s->status == STREAM_FLOWING)
		s->status = STREAM_QUIET;
	s->waiting_since = now;
	if (s->grant.server_count > 1)
		move_on(s, now);
	else if (s->grant.segment > STREAM_SEGMENT_BYTES)
		stream_size_begin(s, now);
	/* A restarted server may have another key; and when the list is exhausted, they may all have. */
	if (s->server == 0 && !s->login_busy && s->login_due == NEVER)
		stream_renewal_begin(s, now);
}

static bool has_ended(const struct stream *s)
{
	return s->bye.type && !s->bye.is_waiting;
}

static void turn(struct stream *s, usec now)
{
	bool any = false;

	for (unsigned i = 0; i < s->in_use; i++) {
		struct stream_request *r = &s->requests[i];

		if (r->state != STREAM_UNDER_WAY)
			continue;
		any |= r->asked != 0;
		if (now >= stream_request_due(s, r))
			stream_request_time_out(s, r, now);
	}
	if (now >= stream_request_probe_at(s))
		stream_request_probe(s, now);
	s->is_waiting &= any;
	judge_silence(s, now);
	s->turned_at = now;
}

bool stream_tx(struct stream *s, usec now, struct wr *w, struct stream_address *to)
{
	int next;

	turn(s, now);
	if (has_ended(s))
		return false;
	if (stream_renewal_tx(s, now, w, to))
		return true;
	*to = s->grant.servers[s->server];
	if (stream_notice_tx(s, &s->bye, now, w) || stream_notice_tx(s, &s->report, now, w))
		return true;
	next = stream_request_next(s, now);
	if (next < 0)
		return stream_size_tx(s, now, w);
	stream_request_ask(s, &s->requests[next], now, w);
	if (!s->is_waiting)
		s->waiting_since = now;
	s->is_waiting = true;
	return true;
}

static bool is_one_of_ours(const struct stream *s, const struct stream_address *from)
{
	for (unsigned i = 0; i < s->grant.server_count; i++)
		if (stream_address_same(&s->grant.servers[i], from))
			return true;
	return false;
}

static bool is_current(const struct stream *s, const struct stream_address *from)
{
	return stream_address_same(from, &s->grant.servers[s->server]);
}

/* M24, M25: what the server cannot answer. */
static void take_error(struct stream *s, struct stream_request *r, usec now, enum stream_error code)
{
	if (code == ERROR_OUT_OF_RANGE) {
		stream_request_end(s, r, STREAM_BAD_RANGE);
		return;
	}
	stream_request_give_up(s, r);
	stream_request_postpone(r, now);
	if (code == ERROR_LOGIN_AGAIN || code == ERROR_NO_SUCH_CONTENT) {
		stream_renewal_demand(s, now);
	} else {
		s->counters.io_errors++;
		if (++r->io_errors >= IO_ERRORS_MAX)
			stream_request_end(s, r, STREAM_IO_ERROR);
	}
	if (code != ERROR_LOGIN_AGAIN && s->grant.server_count > 1 && now - s->moved_at >= silence_max) {
		usec not_before = r->not_before;

		move_on(s, now);
		r->not_before = not_before;
	}
}

/* False: malformed, as if it had never come. */
static bool rx_error(struct stream *s, usec now, const struct stream_head *head, struct rd body)
{
	struct stream_request *r = stream_request_find(s, head->request);
	enum stream_error code;

	if (!rd_stream_error(body, &code)) {
		s->counters.dropped_malformed++;
		return false;
	}
	if (stream_notice_answered(s, head)) {
		if (code != ERROR_LOGIN_AGAIN)
			s->report.is_waiting = false;   /* it cannot hear us: another try would not help */
		else if (!s->bye.type)
			stream_renewal_demand(s, now);
	} else if (!r || head->generation != r->generation)
		s->counters.dropped_late++;     /* perhaps of a ticket that was renewed since */
	else
		take_error(s, r, now, code);
	return true;
}

/* False: its check is wrong. A server that has nothing better to say is as good as a silent one (M30). */
static bool rx_data(struct stream *s, usec now, const struct stream_address *from, const struct stream_head *head,
                    struct rd datagram)
{
	struct stream_request *r = stream_request_find(s, head->request);
	uint64_t before = s->counters.bytes, offset;
	struct rd data;

	if (!stream_open_data(datagram, &s->grant.content, &offset, &data)) {
		s->counters.dropped_check++;
		return false;
	}
	if (!r) {
		s->counters.dropped_late++;
		return true;
	}
	stream_request_data(s, r, now, head, offset, data);
	s->counters.rtt_us = (uint32_t)s->window.srtt;
	if (s->counters.bytes == before)
		return true;
	s->status = STREAM_FLOWING;
	/* A server that is about to stop is left while it still answers. */
	if (head->flags & STREAM_DRAINING && s->grant.server_count > 1 && now - s->moved_at >= silence_max
	    && is_current(s, from))
		move_on(s, now);
	return true;
}

void stream_rx(struct stream *s, usec now, const struct stream_address *from, struct rd datagram)
{
	struct stream_head head;
	struct rd body;

	if (!stream_open(datagram, &head, &body)) {
		s->counters.dropped_malformed++;
		return;
	}
	if (head.request & LOGIN_REQUEST) {
		if (s->login_busy)
			stream_renewal_rx(s, now, from, datagram);
		return;
	}
	if (!is_one_of_ours(s, from) || head.session != s->grant.session) {
		s->counters.dropped_foreign++;
		return;
	}
	switch (head.type) {
	case STREAM_RDATA:
		if (!rx_data(s, now, from, &head, datagram))
			return;
		break;
	case STREAM_RERROR:
		if (!rx_error(s, now, &head, body))
			return;
		break;
	case STREAM_RSTATUS: case STREAM_RBYE:
		if (!rd_done(&body) || !stream_notice_answered(s, &head))
			s->counters.dropped_late++;
		break;
	case STREAM_RPING:
		if (is_current(s, from) && stream_size_rx(s, &head, body))
			break;
		/* fall through */
	default:
		s->counters.dropped_foreign++;
		return;
	}
	s->last_heard = now;
	if (is_current(s, from)) {
		s->waiting_since = now;
		s->is_waiting    = s->under_way != 0;
		if (s->status == STREAM_QUIET)
			s->status = STREAM_FLOWING;
	}
}

usec stream_wake_at(const struct stream *s)
{
	usec at = min_u64(stream_notice_wake_at(&s->bye), stream_notice_wake_at(&s->report));

	if (has_ended(s))
		return NEVER;
	at = min_u64(at, min_u64(stream_renewal_wake_at(s), stream_request_probe_at(s)));
	at = min_u64(at, stream_size_wake_at(s));
	if (s->is_waiting)
		at = min_u64(at, s->waiting_since + silence_max);
	for (unsigned i = 0; i < s->in_use; i++) {
		const struct stream_request *r = &s->requests[i];

		if (r->state != STREAM_UNDER_WAY)
			continue;
		at = min_u64(at, stream_request_due(s, r));
		if (stream_request_unasked(r) && r->not_before > s->turned_at)
			at = min_u64(at, r->not_before);
	}
	return stream_request_next(s, s->turned_at) >= 0 ? 0 : at;
}

enum stream_status stream_status(const struct stream *s)
{
	return has_ended(s) ? STREAM_ENDED : s->status;
}
