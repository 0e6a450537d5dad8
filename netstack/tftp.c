/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/tftp.h"
#include "lib/fmt.h"
#include "netstack/tftp_error.h"

enum {
	OPEN_WAIT_MIN = 400 * USEC_PER_MS,
	/*
	 * The same from a server that has just answered in no time. atftpd 0.8 takes the request that comes right
	 * behind the end of a transfer, and is often silent (docs/performance.md).
	 */
	REOPEN_WAIT = 50 * USEC_PER_MS,
	READ_SENDS_MAX = 10,            /* one in 25,000 blocks at 20 % loss; half a minute of silence */
	/* A server that does not hear our ACK repeats its block; one that never does will repeat it for ever. */
	REPEATS_MAX   = 32,
	DALLY         = 1000 * USEC_PER_MS,
	/* A server that took so long to answer each of the first ACKs is far: more than a short window must fly. */
	FAR           = 2 * USEC_PER_MS, ANSWERS = 3,
	WINDOWS_WORTH = 8,              /* of what is left: fewer are there before a new transfer has caught up */
	EARLY         = 8,              /* a loss in the first of so many parts of a file is not the last one */
};

static void open_transfer(struct tftp *t, usec now)
{
	t->state = t->ladder.is_probing ? TFTP_PROBING : TFTP_OPENING;
	t->owed  = TFTP_ACK_NONE;
	t->sends = 0;
	t->due   = now;
	t->tid   = 0;
}

/* What is waited for may come until then, and a little: two clients in step would collide for ever. */
static void arm(struct tftp *t, usec now)
{
	usec wait = t->pace.wait;

	t->due = now + wait + random_below(&t->random, (uint32_t)wait / 2);
}

static void fail(struct tftp *t, enum tftp_failure why, const char *text)
{
	t->state   = TFTP_ENDED;
	t->failure = why;
	t->owed    = TFTP_ACK_NONE;
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
	t->log       = log;
	t->random    = random_from(seed);
	t->port      = net_some_port(&t->random);
	t->server_port = TFTP_SERVER_PORT;
	tftp_pace_init(&t->pace, now);
	t->pace.wait = OPEN_WAIT_MIN;
	tftp_ladder_init(&t->ladder, profile);
	open_transfer(t, now);
	if (fmt_text(t->file, sizeof t->file, "%s", file) >= sizeof t->file)
		fail(t, TFTP_NOT_FOUND, "the file name is too long");
}

/* Fails, and says so to the server, which would otherwise go on sending. */
static void refuse(struct tftp *t, enum tftp_failure why, enum tftp_error code, const char *text)
{
	fail(t, why, text);
	t->has_error_due = true;
	t->error_due     = code;
	t->old_port      = t->port;
	t->old_tid       = t->tid;
}

/*
 * This transfer is over; another one will be asked for, from another port (RFC 1350, 4): what still comes to this one
 * is nobody's, whatever the server's ports are, and some have a single one for all.
 */
static void hang_up(struct tftp *t, bool tell, enum tftp_error code)
{
	const uint16_t before = t->port;

	if (t->tid) {
		t->has_error_due = tell;
		t->error_due     = code;
		t->old_port      = before;
		t->old_tid       = t->tid;
	}
	while (t->port == before)
		t->port = net_some_port(&t->random);
	t->tid = 0;
}

/* ---- blocks ---- */

static void start_reading(struct tftp *t, usec now, uint16_t block_size, uint16_t window)
{
	t->state = TFTP_READING;
	tftp_window_open(&t->window, block_size, window);
	tftp_pace_init(&t->pace, now);
	t->sends = t->repeats = 0;
	arm(t, now);
}

/* A window is as long as it is until the transfer ends. */
static void start_over(struct tftp *t, usec now, const char *why)
{
	log_line(t->log, LOG_INFO, "tftp: %s: %s of %u blocks; once more with %u",
	         t->file, why, (unsigned)t->window.size, (unsigned)t->ladder.window);
	hang_up(t, true, TFTP_ERROR_UNDEFINED);
	t->received  = 0;
	t->blocks    = 0;
	t->size      = 0;
	t->has_size  = false;
	t->pace.wait = t->pace.soonest < FAR ? REOPEN_WAIT : OPEN_WAIT_MIN;
	open_transfer(t, now);
}

static bool is_window_short(const struct tftp *t)
{
	return t->pace.answers == ANSWERS && t->pace.soonest >= FAR && t->window.size == t->ladder.window
	    && (!t->size || t->size - t->received > (uint64_t)WINDOWS_WORTH * t->window.size * t->window.block_size);
}

/* The first block after an ACK tells how far the server is. False: it will be asked for another window. */
static bool begin_window(struct tftp *t, usec now)
{
	tftp_pace_answered(&t->pace, now);
	if (!is_window_short(t) || !tftp_ladder_widen(&t->ladder))
		return true;
	start_over(t, now, "the server is far for a window");
	return false;
}

/*
 * A packet of a long window was lost, and soon: there will be more. What one costs is in proportion to the window
 * (docs/performance.md), which a near server does not need. True: the file is begun again with a short one.
 */
static bool shorten(struct tftp *t, usec now)
{
	if (t->pace.soonest >= FAR || t->received > t->size / EARLY || !tftp_ladder_shorten(&t->ladder, t->window.size))
		return false;
	start_over(t, now, "packets are lost");
	return true;
}

/* Who pulls has not taken the last block out of the room: nothing is asked for until he has, and nothing else taken. */
static bool is_full(const struct tftp *t) { return t->is_pulled && t->received; }

static void take_block(struct tftp *t, usec now, struct rd bytes)
{
	size_t len = rd_left(&bytes);
	uint64_t so_far;
	bool is_whole;

	if (t->window.count == 0 && !begin_window(t, now))
		return;
	if (len > t->room_size - t->received) {
		refuse(t, TFTP_TOO_BIG, TFTP_ERROR_DISK_FULL, "the file is larger than the memory for it");
		return;
	}
	rd_bytes(&bytes, t->room + t->received, len);
	t->received += len;
	t->blocks++;
	so_far       = t->emptied + t->received;
	t->is_last   = len < t->window.block_size;
	is_whole     = tftp_window_take(&t->window);
	if (t->size && (so_far > t->size || (t->is_last && so_far < t->size))) {
		refuse(t, TFTP_BAD_OPTION, TFTP_ERROR_UNDEFINED, "the file is not as long as the server said");
		return;
	}
	if (is_whole && t->window.size > 1)
		tftp_pace_hasten(&t->pace);
	if (t->is_last || is_whole)
		t->owed = TFTP_ACK_ANEW;
	t->sends = t->repeats = 0;
	t->due   = now + t->pace.pause;
}

/*
 * Blocks that come one by one: the last one again, and long after its ACK, which the server did not hear then. A copy
 * that the network made comes sooner; nobody answers those (RFC 1123, 4.2.3.1).
 */
static bool is_asked_for_again(const struct tftp *t, usec now, uint16_t block)
{
	return t->window.size == 1 && block == (uint16_t)(t->window.expected - 1)
	    && now - t->pace.asked_at >= t->pace.pause;
}

/* Once for each ACK: a block may have come many times while nobody looked. */
static void answer_repeat(struct tftp *t)
{
	if (t->owed)
		return;
	if (++t->repeats > REPEATS_MAX)
		refuse(t, TFTP_READ_TIMEOUT, TFTP_ERROR_UNDEFINED, "the TFTP server repeats a block and hears no ACK");
	else
		t->owed = TFTP_ACK_AGAIN;
}

static void rx_data(struct tftp *t, usec now, const struct tftp_message *m)
{
	if (rd_left(&m->rest) > t->window.block_size) {
		t->malformed++;
		return;
	}
	if (t->state == TFTP_DALLYING) {
		/* Only the last block means that our last ACK was lost. */
		if (m->block == (uint16_t)(t->window.expected - 1))
			t->owed = TFTP_ACK_AGAIN;
		else
			t->ignored++;
		return;
	}
	if (t->is_last || is_full(t)) {
		t->ignored++;
		return;
	}
	switch (tftp_window_judge(&t->window, m->block)) {
	case TFTP_BLOCK_NEXT:
		take_block(t, now, m->rest);
		break;
	case TFTP_BLOCK_GAP:
		t->ignored++;
		if (!shorten(t, now))
			t->owed = TFTP_ACK_AGAIN;
		break;
	case TFTP_BLOCK_IDLE:
		t->ignored++;
		if (is_asked_for_again(t, now, m->block))
			answer_repeat(t);
		break;
	}
}

/* ---- answers ---- */

static void try_next_rung(struct tftp *t, usec now, enum tftp_failure why, const char *text)
{
	if (!tftp_ladder_down(&t->ladder)) {
		fail(t, why, text);
		return;
	}
	log_line(t->log, LOG_INFO, "tftp: %s: %s; asking again with fewer options", t->file, text);
	tftp_ladder_forget(&t->ladder);
	open_transfer(t, now);
}

/* WDS's clients hang up so, and ask anew for the file itself. */
static void end_probe(struct tftp *t, usec now)
{
	hang_up(t, true, TFTP_ERROR_UNDEFINED);
	if (!tftp_ladder_down(&t->ladder)) {
		t->state = TFTP_ENDED;
		t->due   = NEVER;
		return;
	}
	tftp_ladder_forget(&t->ladder);
	open_transfer(t, now);
}

static void rx_oack(struct tftp *t, usec now, const struct tftp_options *o)
{
	const char *wrong = tftp_ladder_objection(&t->ladder, o);

	if (t->state != TFTP_PROBING && t->state != TFTP_OPENING) {
		t->ignored++;           /* doubled: our ACK goes out again by the timer alone */
		return;
	}
	if (wrong) {
		hang_up(t, true, TFTP_ERROR_OPTION);
		try_next_rung(t, now, TFTP_BAD_OPTION, wrong);
		return;
	}
	t->has_size |= o->has_size;
	if (o->has_size)
		t->size = o->size;
	t->ladder.knows_size = t->size != 0;
	if (t->size > t->room_size && !t->is_pulled) {
		refuse(t, TFTP_TOO_BIG, TFTP_ERROR_DISK_FULL, "the file is larger than the memory for it");
		return;
	}
	if (t->state == TFTP_PROBING) {
		end_probe(t, now);
		return;
	}
	start_reading(t, now, o->has_block_size ? o->block_size : TFTP_BLOCK_DEFAULT, o->has_window ? o->window : 1);
	t->owed = TFTP_ACK_ANEW;        /* of block 0 */
}

static void rx_error(struct tftp *t, usec now, const struct tftp_message *m)
{
	char text[sizeof t->error_text];

	if (t->state == TFTP_DALLYING)
		return;                 /* we have it all */
	tftp_error_keep(t, m->rest);
	memcpy(text, t->error_text, sizeof text);
	if (m->error == TFTP_ERROR_NOT_FOUND) {
		fail(t, TFTP_NOT_FOUND, text);
	} else if (m->error == TFTP_ERROR_ACCESS) {
		fail(t, TFTP_ACCESS, text);
	} else if (t->state == TFTP_READING || (t->state == TFTP_OPENING && tftp_ladder_is_plain(&t->ladder))) {
		fail(t, TFTP_SERVER_ERROR, text);
	} else {
		hang_up(t, false, TFTP_ERROR_UNDEFINED);
		try_next_rung(t, now, TFTP_SERVER_ERROR, text);
	}
}

/* Whether it is the other end's. The first answer to a request makes its port the transfer's. */
static bool is_from_peer(struct tftp *t, const struct datagram *in)
{
	if (in->src_ip != t->server || in->dst_port != t->port)
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
		if (t->state != TFTP_ENDED && in->dst_port == t->port && good && m.op != TFTP_ERROR) {
			t->stranger_ip   = in->src_ip;
			t->stranger_port = in->src_port;
		}
		return;
	}
	if (!good || m.op == TFTP_ACK) {
		rx_garbage(t, now);
		return;
	}
	if (m.op == TFTP_DATA && t->state == TFTP_OPENING)
		start_reading(t, now, TFTP_BLOCK_DEFAULT, 1);   /* it knows no options */
	switch (m.op) {
	case TFTP_DATA:
		if (t->state == TFTP_PROBING)
			end_probe(t, now);      /* it sends the file although we asked for its size */
		else
			rx_data(t, now, &m);
		break;
	case TFTP_OACK:  rx_oack(t, now, &m.options); break;
	case TFTP_ERROR: rx_error(t, now, &m); break;
	default: break;
	}
}

/* ---- sending ---- */

static bool tx_request(struct tftp *t, usec now, struct wr *w, struct flow *flow)
{
	struct tftp_options asks;

	if (now < t->due)
		return false;
	if (t->sends == tftp_ladder_sends_max(&t->ladder)) {
		if (!tftp_ladder_down(&t->ladder)) {
			fail(t, TFTP_OPEN_TIMEOUT, "the TFTP server does not answer");
			return false;
		}
		open_transfer(t, now);
	}
	asks = tftp_ladder_asks(&t->ladder);
	flow->dst_port = t->server_port;
	tftp_emit_request(w, t->file, &asks);
	t->retries += t->sends > 0;
	t->sends++;
	arm(t, now);
	tftp_pace_again(&t->pace);
	t->pace.wait = max_u64(t->pace.wait, OPEN_WAIT_MIN);
	return true;
}

/* The timer says that an ACK goes out. False: an end of the transfer instead. */
static bool ask_again(struct tftp *t, usec now)
{
	if (tftp_window_is_begun(&t->window)) {
		t->pauses++;
		if (!tftp_window_cut(&t->window))
			return true;
		tftp_ladder_narrow(&t->ladder, t->window.shortest);
		t->narrowed++;
		start_over(t, now, "the end is lost of each window");
		return false;
	}
	if (++t->sends == READ_SENDS_MAX) {
		refuse(t, TFTP_READ_TIMEOUT, TFTP_ERROR_UNDEFINED, "the TFTP server fell silent");
		return false;
	}
	t->retries++;
	t->window.gap_told = false;
	tftp_pace_again(&t->pace);
	return true;
}

static bool tx_ack(struct tftp *t, usec now, struct wr *w, struct flow *flow)
{
	bool is_anew = t->owed == TFTP_ACK_ANEW;

	if (!t->owed && now < t->due)
		return false;
	if (!t->owed && !ask_again(t, now))
		return tftp_error_tx(t, w, flow);
	t->owed = TFTP_ACK_NONE;
	flow->dst_port = t->tid;
	tftp_emit_ack(w, (uint16_t)(t->window.expected - 1));
	tftp_window_acked(&t->window);
	tftp_pace_asked(&t->pace, now, is_anew);
	if (t->state == TFTP_DALLYING)
		return true;
	arm(t, now);                    /* whatever was armed: the answer to this ACK is on its way */
	if (t->is_last) {
		t->state = TFTP_DALLYING;
		t->due   = now + DALLY;
	}
	return true;
}

bool tftp_tx(struct tftp *t, usec now, struct wr *w, struct flow *flow)
{
	*flow = (struct flow){ .dst_ip = t->server, .src_port = t->port };
	if (tftp_error_tx(t, w, flow))
		return true;
	switch (t->state) {
	case TFTP_PROBING:
	case TFTP_OPENING: return tx_request(t, now, w, flow);
	case TFTP_READING: return !is_full(t) && tx_ack(t, now, w, flow);
	case TFTP_DALLYING:
		if (t->owed)
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
	if (t->has_error_due || t->stranger_ip)
		return 0;
	if (is_full(t))
		return NEVER;           /* it is his turn, who pulls */
	return t->owed ? 0 : t->due;
}

enum tftp_status tftp_status(const struct tftp *t)
{
	if (t->failure != TFTP_NO_FAILURE)
		return TFTP_FAILED;
	return t->state == TFTP_DALLYING || t->state == TFTP_ENDED ? TFTP_DONE : TFTP_WORKING;
}

bool tftp_is_granted(const struct tftp *t)
{
	return t->state == TFTP_READING || t->state == TFTP_DALLYING;
}

void tftp_cancel(struct tftp *t)
{
	if (t->state == TFTP_READING)
		hang_up(t, true, TFTP_ERROR_UNDEFINED);
	t->state = TFTP_ENDED;
	t->owed  = TFTP_ACK_NONE;
	t->due   = NEVER;
}
