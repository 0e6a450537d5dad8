/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "server/core.h"
#include <stdatomic.h>

struct stream_head server_reply_head(const struct server_call *c, enum stream_type type)
{
	struct stream_head head = c->head;

	head.type  = (uint8_t)type;
	head.flags = c->head.flags & STREAM_DRIVER;
	if (atomic_load_explicit(&c->server->draining, memory_order_relaxed))
		head.flags |= STREAM_DRAINING;
	return head;
}

void server_reply_begin(struct server_reply *r, const struct stream_head *head)
{
	r->w = wr_over(r->bytes, sizeof r->bytes);
	wr_stream_head(&r->w, head);
}

void server_reply_send(struct server_reply *r, const struct server_call *c)
{
	size_t   len  = wr_used(&r->w, r->bytes);
	uint8_t *room = wr_ok(&r->w) ? c->out->room(c->out, len) : NULL;

	if (!room)
		return;
	stream_seal(r->bytes, len, NULL);
	memcpy(room, r->bytes, len);
	c->out->send(c->out, len);
}

static void send_empty(const struct server_call *c, enum stream_type type)
{
	struct stream_head head = server_reply_head(c, type);
	struct server_reply r;

	server_reply_begin(&r, &head);
	server_reply_send(&r, c);
}

void server_send_error(const struct server_call *c, enum stream_error code)
{
	struct stream_head head = server_reply_head(c, STREAM_RERROR);
	struct server_reply r;

	server_reply_begin(&r, &head);
	wr_be16(&r.w, (uint16_t)code);
	server_reply_send(&r, c);
	c->out->counts.errors++;
}

uint32_t server_now_s(const struct server_call *c)
{
	return (uint32_t)(c->now / USEC_PER_S);
}

void server_note(const struct server_call *c, const char *disk, struct session_news news)
{
	struct session it;

	news.id    = c->head.session;
	news.from  = c->from;
	news.stage = c->head.flags & STREAM_DRIVER ? STAGE_DRIVER : STAGE_FIRMWARE;
	news.disk  = disk;
	unsigned changes = sessions_note(c->server->sessions, c->now, &news, &it);
	if (!changes)
		return;
	struct journal_line l = journal_limited(c->server->journal, c->now,
	                                        changes & SESSION_RESUMED ? "resumed"
	                                        : changes & SESSION_STAGE ? "stage" : "moved");
	journal_session(&l, &it);
	journal_totals(&l, &it);
	journal_end(&l);
}

static bool ping_answer(const struct server_call *c)
{
	struct stream_head head = server_reply_head(c, STREAM_RPING);
	size_t len = STREAM_HEAD_BYTES + rd_left(&c->body);

	if (rd_left(&c->body) > STREAM_ECHO_BYTES_MAX)
		return false;
	uint8_t *room = c->out->room(c->out, len);
	if (!room)
		return true;
	struct wr w = wr_over(room, len);
	wr_stream_head(&w, &head);
	wr_rest(&w, c->body);
	stream_seal(room, len, NULL);
	c->out->send(c->out, len);
	return true;
}

/* Status and bye name no content, so the ticket may be for any disk we serve. */
static struct disk *disk_of_ticket(const struct server_call *c, const struct stream_ticket *ticket)
{
	for (unsigned i = 0; i < c->server->disk_count; i++) {
		struct disk *disk = c->server->disks[i];
		struct ticket_claim claim = { c->head.session, c->from, &disk->content };

		if (ticket_rights(&c->server->key, ticket, server_now_s(c), &claim) & TICKET_READ)
			return disk;
	}
	return NULL;
}

static void log_status(const struct server_call *c, const struct disk *disk, const struct tlv_set *set)
{
	struct journal_line l = journal_limited(c->server->journal, c->now, "status");

	journal_id(&l, "session", c->head.session);
	journal_address(&l, "address", c->from);
	journal_text(&l, "disk", disk->name);
	if (tlv_has(set, TLV_STAGE))
		journal_text(&l, "stage", stage_text(set->stage));
	if (tlv_has(set, TLV_STEP))
		journal_u64(&l, "step", set->step);
	if (tlv_has(set, TLV_TEXT))
		journal_text(&l, "text", set->text);
	if (tlv_has(set, TLV_COUNTERS)) {
		journal_u64(&l, "client_bytes", set->counters.bytes);
		journal_u64(&l, "client_requests", set->counters.requests);
		journal_u64(&l, "client_again", set->counters.requests_again);
		journal_u64(&l, "client_dropped", set->counters.datagrams_dropped);
		journal_u64(&l, "client_failovers", set->counters.failovers);
	}
	journal_end(&l);
}

static void end_session(const struct server_call *c, const struct tlv_set *set)
{
	struct session it;

	if (!sessions_end(c->server->sessions, c->head.session, &it))
		return;                 /* said twice (M4) */
	struct journal_line l = journal_limited(c->server->journal, c->now, "end");
	journal_text(&l, "why", "bye");
	journal_session(&l, &it);
	journal_totals(&l, &it);
	if (tlv_has(set, TLV_TEXT))
		journal_text(&l, "text", set->text);
	journal_end(&l);
}

static bool status_answer(const struct server_call *c)
{
	struct stream_ticket ticket;
	struct tlv_set set;
	struct rd tlvs;

	if (c->datagram_len > STREAM_MESSAGE_BYTES_MAX || !rd_stream_ticketed(c->body, &ticket, &tlvs))
		return false;
	enum tlv_verdict verdict = tlv_read_set(tlvs, &set);
	if (verdict == TLV_MALFORMED)
		return false;
	struct disk *disk = disk_of_ticket(c, &ticket);
	if (!disk) {
		server_send_error(c, ERROR_LOGIN_AGAIN);
	} else if (verdict == TLV_DEMANDS_MORE) {
		server_send_error(c, ERROR_UNSUPPORTED);
	} else if (c->head.type == STREAM_TBYE) {
		end_session(c, &set);
		send_empty(c, STREAM_RBYE);
	} else {
		server_note(c, disk->name, (struct session_news){ .read = false });
		log_status(c, disk, &set);
		send_empty(c, STREAM_RSTATUS);
	}
	return true;
}

/*
 * Reserved messages (chapter 8) are refused; shorter than their layout, they are dropped, as
 * any message is: so the refusal is never larger than what it answers.
 */
static bool reserved_answer(const struct server_call *c, size_t body_min)
{
	if (rd_left(&c->body) < body_min)
		return false;
	server_send_error(c, ERROR_UNSUPPORTED);
	return true;
}

static bool answer(const struct server_call *c)
{
	switch (c->head.type) {
	case STREAM_TLOGIN:  return login_answer(c);
	case STREAM_TREAD:   return read_answer(c);
	case STREAM_TPING:   return ping_answer(c);
	case STREAM_TSTATUS:
	case STREAM_TBYE:    return status_answer(c);
	case STREAM_TWRITE:  return reserved_answer(c, 42);
	case STREAM_TFLUSH:
	case STREAM_TLEASE:  return reserved_answer(c, 10);
	case STREAM_TTRIM:   return reserved_answer(c, 26);
	case STREAM_TJOIN:   return reserved_answer(c, 2);
	default:             return false;      /* R messages are not for us */
	}
}

void server_rx(struct server *server, usec now, const struct stream_address *from, struct rd datagram,
               struct server_out *out)
{
	struct server_call c = {
		.server = server, .now = now, .from = from, .datagram_len = rd_left(&datagram), .out = out,
	};

	out->counts.received++;
	if (!stream_open(datagram, &c.head, &c.body) || !answer(&c))
		out->counts.dropped++;
}

static void log_session(struct server *server, usec now, const char *event, const char *why, const struct session *it)
{
	struct journal_line l = journal_begin(server->journal, now, event);

	if (why)
		journal_text(&l, "why", why);
	journal_session(&l, it);
	journal_totals(&l, it);
	journal_end(&l);
}

void server_tick(struct server *server, usec now)
{
	uint32_t expires_s = server->expires_s ? server->expires_s : SERVER_EXPIRES_S;
	enum session_due due;
	struct session it;
	size_t cursor = 0;

	while ((due = sessions_due(server->sessions, now, expires_s, &cursor, &it)) != SESSION_NONE)
		log_session(server, now, due == SESSION_PROGRESS ? "progress" : due == SESSION_QUIET ? "quiet" : "end",
		            due == SESSION_EXPIRED ? "silent" : NULL, &it);
}

void server_farewell(struct server *server, usec now)
{
	struct session it;
	size_t cursor = 0;

	while (sessions_take(server->sessions, &cursor, &it))
		log_session(server, now, "end", "server stops", &it);
}
