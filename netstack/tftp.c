/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/tftp.h"
#include "lib/fmt.h"

enum {
	OPEN_WAIT_MIN = 400 * USEC_PER_MS, OPEN_WAIT_MAX = 4000 * USEC_PER_MS,
	/* Never a round number that a server could share: both sides would send into each other's faces. */
	READ_WAIT_MIN = 250 * USEC_PER_MS, READ_WAIT_MAX = 4000 * USEC_PER_MS,
	READ_SENDS_MAX = 7,
	DALLY         = 1000 * USEC_PER_MS,
	ONES_MAX      = 4,              /* see is_expected() */
	FIRST_PORT    = 49152, PORTS = 16384,
};

/* What the rungs of the ladder still ask for, and how often each asks before the next may try. */
enum { RUNG_ALL, RUNG_NO_WINDOW, RUNG_NO_BLOCK_SIZE, RUNG_PLAIN, RUNGS };
static const uint8_t sends_on_rung[RUNGS] = { 3, 1, 1, 4 };

static struct tftp_options wanted(const struct tftp *t)
{
	struct tftp_options o = { 0 };

	if (t->state == TFTP_PROBING) {
		o.has_size = true;
		return o;
	}
	o.has_size       = t->rung < RUNG_PLAIN && !t->size;     /* not again what the probe has told */
	o.has_block_size = t->rung < RUNG_NO_BLOCK_SIZE && t->profile.block_size >= TFTP_BLOCK_MIN;
	o.has_window     = t->rung < RUNG_NO_WINDOW && t->profile.window > 1;
	o.block_size     = t->profile.block_size;
	o.window         = t->profile.window;
	return o;
}

static bool is_plain(const struct tftp_options *o)
{
	return !o->has_size && !o->has_block_size && !o->has_window;
}

static void open_rung(struct tftp *t, usec now, enum tftp_state state, unsigned rung)
{
	t->state = state;
	t->rung  = rung;
	t->sends = 0;
	t->due   = now;
	t->tid   = 0;
}

static bool same_request(const struct tftp_options *a, const struct tftp_options *b)
{
	return a->has_size == b->has_size && a->has_block_size == b->has_block_size && a->has_window == b->has_window;
}

/* The next rung that asks for something else; false: there is none. */
static bool climb_down(struct tftp *t, usec now)
{
	const struct tftp_options before = wanted(t);
	enum tftp_state state = t->state;

	if (state == TFTP_PROBING) {    /* a server without tsize: fetch at once */
		open_rung(t, now, TFTP_OPENING, RUNG_ALL);
		return true;
	}
	for (unsigned rung = t->rung + 1; rung < RUNGS; rung++) {
		struct tftp_options after;

		open_rung(t, now, state, rung);
		after = wanted(t);
		if (!same_request(&before, &after))
			return true;
	}
	return false;
}

static void fail(struct tftp *t, enum tftp_failure why, const char *text)
{
	t->state   = TFTP_ENDED;
	t->failure = why;
	t->due     = NEVER;
	fmt_text(t->error_text, sizeof t->error_text, "%s", text);
	log_line(t->log, LOG_INFO, "tftp: %s: %s", t->file, t->error_text);
}

void tftp_init(struct tftp *t, uint32_t server, const char *file, uint8_t *room, size_t room_size,
               const struct tftp_profile *profile, struct log *log, usec now, uint64_t seed)
{
	memset(t, 0, sizeof *t);
	t->server    = server;
	t->room      = room;
	t->room_size = room_size;
	t->profile   = *profile;
	t->log       = log;
	t->random    = random_from(seed);
	t->port      = (uint16_t)(FIRST_PORT + random_below(&t->random, PORTS));
	t->wait      = OPEN_WAIT_MIN;
	open_rung(t, now, profile->probe_size ? TFTP_PROBING : TFTP_OPENING, RUNG_ALL);
	if (fmt_text(t->file, sizeof t->file, "%s", file) >= sizeof t->file)
		fail(t, TFTP_NOT_FOUND, "the file name is too long");
}

/* Fails, and says so to the server, which would otherwise go on sending. */
static void refuse(struct tftp *t, enum tftp_failure why, enum tftp_error code, const char *text)
{
	fail(t, why, text);
	t->has_error_due = true;
	t->error_due     = code;
	t->old_tid       = t->tid;
}

/* This transfer is over; another one will be asked for. What still comes from it is a stranger's. */
static void hang_up(struct tftp *t, bool tell, enum tftp_error code)
{
	if (t->tid) {
		t->stale_tids[t->stale_count++ % TFTP_STALE_TIDS] = t->tid;
		t->has_error_due = tell;
		t->error_due     = code;
		t->old_tid       = t->tid;
	}
	t->tid = 0;
}

static bool is_stale(const struct tftp *t, uint16_t port)
{
	for (size_t i = 0; i < TFTP_STALE_TIDS; i++)
		if (t->stale_tids[i] == port)
			return true;
	return false;
}

/* ---- blocks ---- */

static void arm_read(struct tftp *t, usec now)
{
	t->sends = 0;
	t->wait  = READ_WAIT_MIN;
	t->due   = now + t->wait + random_below(&t->random, (uint32_t)t->wait / 2);
}

static void start_reading(struct tftp *t, usec now)
{
	t->state    = TFTP_READING;
	t->expected = 1;
	t->in_window = 0;
	arm_read(t, now);
}

/*
 * Block numbers wrap to 0 with most servers and to 1 with some. 1 for 0 is believed at once when blocks come
 * one by one; in a window it may as well mean that block 0 was lost, so it must happen again and again.
 */
static bool is_expected(struct tftp *t, uint16_t block)
{
	if (block == t->expected)
		return true;
	if (t->expected != 0 || block != 1)
		return false;
	if (t->window > 1 && !t->wraps_to_one && ++t->ones_for_zero < ONES_MAX)
		return false;
	t->wraps_to_one = true;
	t->expected = 1;
	return true;
}

static void take_block(struct tftp *t, usec now, struct rd bytes)
{
	size_t len = rd_left(&bytes);

	if (len > t->room_size - t->received) {
		refuse(t, TFTP_TOO_BIG, TFTP_ERROR_DISK_FULL, "the file is larger than the memory for it");
		return;
	}
	rd_bytes(&bytes, t->room + t->received, len);
	t->received += len;
	t->is_last   = len < t->block_size;
	t->gap_acked = false;
	t->ones_for_zero = 0;
	t->expected++;
	t->in_window++;
	if (t->is_last && t->size && t->received != t->size) {
		refuse(t, TFTP_READ_TIMEOUT, TFTP_ERROR_UNDEFINED, "the file ended too early");
		return;
	}
	if (t->is_last || t->in_window >= t->window)
		t->send_now = true;
	arm_read(t, now);
}

static void rx_data(struct tftp *t, usec now, const struct tftp_message *m)
{
	bool is_ahead;

	if (rd_left(&m->rest) > t->block_size) {
		t->malformed++;
		return;
	}
	if (t->state == TFTP_DALLYING) {
		/* Only the last block means that our last ACK was lost. */
		if (m->block == (uint16_t)(t->expected - 1))
			t->send_now = true;
		else
			t->ignored++;
		return;
	}
	if (t->is_last || (!is_expected(t, m->block) && t->gap_acked)) {
		t->ignored++;
		return;
	}
	if (m->block == t->expected) {
		take_block(t, now, m->rest);
		return;
	}
	/* RFC 7440: a gap is told at once, and once. A block we have is no reason to speak (RFC 1123). */
	is_ahead = (uint16_t)(m->block - t->expected) < t->window;
	t->ignored++;
	if (is_ahead && t->window > 1)
		t->send_now = t->gap_acked = true;
}

/* ---- answers ---- */

static const char *objection(const struct tftp *t, const struct tftp_options *o)
{
	if (o->unknown)
		return "the server granted an option nobody asked for";
	if (o->has_block_size && (t->profile.block_size < TFTP_BLOCK_MIN || o->block_size > t->profile.block_size))
		return "the server wants larger blocks than we can take";
	if (o->has_window && (t->profile.window <= 1 || o->window > t->profile.window))
		return "the server wants a larger window than we can take";
	return NULL;
}

static void try_next_rung(struct tftp *t, usec now, enum tftp_failure why, const char *text)
{
	if (climb_down(t, now))
		log_line(t->log, LOG_INFO, "tftp: %s: %s; asking again with fewer options", t->file, text);
	else
		fail(t, why, text);
}

static void rx_oack(struct tftp *t, usec now, const struct tftp_options *o)
{
	const char *wrong = objection(t, o);

	if (t->state != TFTP_PROBING && t->state != TFTP_OPENING) {
		t->ignored++;           /* doubled: our ACK goes out again by the timer alone */
		return;
	}
	if (wrong) {
		hang_up(t, true, TFTP_ERROR_OPTION);
		try_next_rung(t, now, TFTP_BAD_OPTION, wrong);
		return;
	}
	if (o->has_size)
		t->size = o->size;
	if (t->size > t->room_size) {
		refuse(t, TFTP_TOO_BIG, TFTP_ERROR_DISK_FULL, "the file is larger than the memory for it");
		return;
	}
	if (t->state == TFTP_PROBING) {
		hang_up(t, true, TFTP_ERROR_UNDEFINED);
		open_rung(t, now, TFTP_OPENING, RUNG_ALL);
		return;
	}
	t->block_size = o->has_block_size ? o->block_size : TFTP_BLOCK_DEFAULT;
	t->window     = o->has_window ? o->window : 1;
	start_reading(t, now);
	t->send_now = true;             /* ACK 0 */
}

/* The server's words, fit for a screen. */
static void keep_text(struct tftp *t, struct rd text)
{
	size_t len = min_size(rd_left(&text), sizeof t->error_text - 1);

	rd_bytes(&text, t->error_text, len);
	t->error_text[len] = '\0';
	for (size_t i = 0; i < len; i++)
		if (t->error_text[i] < ' ' || t->error_text[i] > '~')
			t->error_text[i] = '?';
}

static void rx_error(struct tftp *t, usec now, const struct tftp_message *m)
{
	const struct tftp_options asked = wanted(t);
	char text[sizeof t->error_text];

	if (t->state == TFTP_DALLYING)
		return;                 /* we have it all */
	keep_text(t, m->rest);
	memcpy(text, t->error_text, sizeof text);
	if (m->error == TFTP_ERROR_NOT_FOUND) {
		fail(t, TFTP_NOT_FOUND, text);
	} else if (m->error == TFTP_ERROR_ACCESS) {
		fail(t, TFTP_ACCESS, text);
	} else if (t->state == TFTP_READING || (t->state == TFTP_OPENING && is_plain(&asked))) {
		fail(t, TFTP_SERVER_ERROR, text);
	} else {
		hang_up(t, false, TFTP_ERROR_UNDEFINED);
		try_next_rung(t, now, TFTP_SERVER_ERROR, text);
	}
}

/* Whether it is the other end's. The first answer to a request makes its port the transfer's. */
static bool is_from_peer(struct tftp *t, const struct datagram *in)
{
	if (in->src_ip != t->server || is_stale(t, in->src_port))
		return false;
	if (t->tid == 0 && (t->state == TFTP_PROBING || t->state == TFTP_OPENING))
		t->tid = in->src_port;
	return in->src_port == t->tid;
}

static void rx_garbage(struct tftp *t, usec now)
{
	t->malformed++;
	if (t->state == TFTP_PROBING || t->state == TFTP_OPENING) {
		hang_up(t, true, TFTP_ERROR_OPTION);
		try_next_rung(t, now, TFTP_BAD_OPTION, "the server's answer makes no sense");
	}
}

void tftp_rx(struct tftp *t, usec now, const struct datagram *in)
{
	struct tftp_message m;
	bool good = tftp_parse(in->payload, &m);

	if (t->state == TFTP_ENDED || !is_from_peer(t, in)) {
		t->foreign++;
		/* A stranger is told so and does no harm; an ERROR is never answered. */
		if (t->state != TFTP_ENDED && good && m.op != TFTP_ERROR) {
			t->stranger_ip   = in->src_ip;
			t->stranger_port = in->src_port;
		}
		return;
	}
	if (!good || m.op == TFTP_ACK) {
		rx_garbage(t, now);
		return;
	}
	if (m.op == TFTP_DATA && t->state == TFTP_OPENING) {
		t->block_size = TFTP_BLOCK_DEFAULT;     /* it knows no options */
		t->window     = 1;
		start_reading(t, now);
	}
	switch (m.op) {
	case TFTP_DATA:
		if (t->state == TFTP_PROBING) { /* it sends the file although we asked for its size */
			hang_up(t, true, TFTP_ERROR_UNDEFINED);
			open_rung(t, now, TFTP_OPENING, RUNG_ALL);
		} else {
			rx_data(t, now, &m);
		}
		break;
	case TFTP_OACK:  rx_oack(t, now, &m.options); break;
	case TFTP_ERROR: rx_error(t, now, &m); break;
	default: break;
	}
}

/* ---- sending ---- */

static const char *words_of(const struct tftp *t)
{
	switch (t->error_due) {
	case TFTP_ERROR_UNDEFINED: return "TFTP Aborted";
	case TFTP_ERROR_OPTION:    return "Option refused";
	default:                   return t->error_text;
	}
}

static bool tx_error(struct tftp *t, struct wr *w, struct flow *flow)
{
	if (t->stranger_ip) {
		flow->dst_ip   = t->stranger_ip;
		flow->dst_port = t->stranger_port;
		t->stranger_ip = 0;
		tftp_emit_error(w, TFTP_ERROR_UNKNOWN_TID, "Unknown transfer ID");
		return true;
	}
	if (!t->has_error_due)
		return false;
	t->has_error_due = false;
	flow->dst_port   = t->old_tid;
	tftp_emit_error(w, t->error_due, words_of(t));
	return true;
}

static bool tx_request(struct tftp *t, usec now, struct wr *w, struct flow *flow)
{
	struct tftp_options o;

	if (now < t->due)
		return false;
	if (t->sends == sends_on_rung[t->rung] && !climb_down(t, now)) {
		fail(t, TFTP_OPEN_TIMEOUT, "the TFTP server does not answer");
		return false;
	}
	o = wanted(t);                  /* the last rung is always reached: before it, tsize at least is asked for */
	flow->dst_port = TFTP_SERVER_PORT;
	tftp_emit_request(w, t->file, &o);
	t->retries += t->sends > 0;
	t->sends++;
	t->due  = now + t->wait + random_below(&t->random, (uint32_t)t->wait / 2);
	t->wait = min_u64(t->wait * 2, OPEN_WAIT_MAX);
	return true;
}

static bool tx_ack(struct tftp *t, usec now, struct wr *w, struct flow *flow)
{
	if (!t->send_now && now < t->due)
		return false;
	if (!t->send_now) {
		if (++t->sends == READ_SENDS_MAX) {
			refuse(t, TFTP_READ_TIMEOUT, TFTP_ERROR_UNDEFINED, "the TFTP server fell silent");
			return tx_error(t, w, flow);
		}
		t->retries++;
		t->gap_acked = false;
		t->wait = min_u64(t->wait * 2, READ_WAIT_MAX);
		t->due  = now + t->wait + random_below(&t->random, (uint32_t)t->wait / 2);
	}
	t->send_now  = false;
	t->in_window = 0;
	flow->dst_port = t->tid;
	tftp_emit_ack(w, (uint16_t)(t->expected - 1));
	if (t->is_last && t->state == TFTP_READING) {
		t->state = TFTP_DALLYING;
		t->due   = now + DALLY;
	}
	return true;
}

bool tftp_tx(struct tftp *t, usec now, struct wr *w, struct flow *flow)
{
	*flow = (struct flow){ .dst_ip = t->server, .src_port = t->port };
	if (tx_error(t, w, flow))
		return true;
	switch (t->state) {
	case TFTP_PROBING:
	case TFTP_OPENING: return tx_request(t, now, w, flow);
	case TFTP_READING: return tx_ack(t, now, w, flow);
	case TFTP_DALLYING:
		if (t->send_now)
			return tx_ack(t, now, w, flow);
		if (now >= t->due) {
			t->state = TFTP_ENDED;
			t->due   = NEVER;
		}
		return false;
	case TFTP_ENDED: break;
	}
	return false;
}

usec tftp_wake_at(const struct tftp *t)
{
	return t->send_now || t->has_error_due || t->stranger_ip ? 0 : t->due;
}

enum tftp_status tftp_status(const struct tftp *t)
{
	if (t->failure != TFTP_NO_FAILURE)
		return TFTP_FAILED;
	return t->state == TFTP_DALLYING || t->state == TFTP_ENDED ? TFTP_DONE : TFTP_WORKING;
}
