/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/mtftp.h"

enum {
	WAIT_MIN = 400 * USEC_PER_MS, WAIT_MAX = 4000 * USEC_PER_MS,
	/* What loses blocks in so many transfers loses them in the next one, too. */
	ASKS_MAX = 3, ACKS_MAX = 6, OPENED_MAX = 5,
	DALLY    = 1000 * USEC_PER_MS,
	LISTEN_MAX = 30,        /* seconds; the option can say four minutes, in which nobody serves */
};

bool mtftp_is_offered(const struct pxe_mtftp *how)
{
	return how->ip >> 28 == 0xe && how->client_port && how->server_port;
}

/* Until then, and up to half as long again: one opens a transfer, and the others hear it before they do the same. */
static void arm(struct mtftp *m, usec now, usec wait)
{
	m->due = now + wait + random_below(&m->random, (uint32_t)wait / 2);
}

/* For a second at least, also where 0 or nothing was offered: in the pause between two blocks nobody is dead. */
static void listen(struct mtftp *m, usec now, uint8_t seconds)
{
	m->state = MTFTP_LISTENING;
	m->send_now = false;
	arm(m, now, min_u64(max_u64(seconds, 1), LISTEN_MAX) * USEC_PER_S);
}

static void fail(struct mtftp *m, const char *why)
{
	m->has_error_due = m->state == MTFTP_READING;
	m->state = MTFTP_ENDED;
	m->due   = NEVER;
	m->why   = why;
	m->send_now = false;
	log_line(m->log, LOG_INFO, "mtftp: %s: %s", m->file, why);
}

void mtftp_init(struct mtftp *m, uint32_t server, const struct pxe_mtftp *how, const char *file, uint8_t *room,
                size_t room_size, struct log *log, usec now, uint64_t seed)
{
	memset(m, 0, sizeof *m);
	tftp_blocks_init(&m->blocks, room, room_size, TFTP_BLOCK_DEFAULT);
	m->server = server;
	m->how    = *how;
	m->port   = how->client_port;
	m->file   = file;
	m->log    = log;
	m->random = random_from(seed);
	listen(m, now, how->timeout_s);
}

/* ---- what comes ---- */

static void end_whole(struct mtftp *m, usec now)
{
	bool is_ours = m->state == MTFTP_READING;

	/* Holes are filled before the end of a transfer: it is ended. One of others is ended by them. */
	m->send_now      = is_ours && m->acked == m->blocks.last;
	m->has_error_due = is_ours && !m->send_now;
	m->state = MTFTP_DALLYING;
	m->due   = m->send_now ? now + DALLY : now;
}

/*
 * A short block ends the file, and is believed only behind the block before it: somebody's transfer with other block
 * lengths has a short block elsewhere; and as a whole file only of our own transfer.
 */
static bool is_believed(const struct mtftp *m, uint16_t number, size_t len)
{
	if (len == TFTP_BLOCK_DEFAULT || number == 0)
		return true;
	return number == 1 ? m->state == MTFTP_OPENING : tftp_blocks_have(&m->blocks, (uint16_t)(number - 1));
}

/* False: it is none of this file, or we have failed. */
static bool take(struct mtftp *m, const struct tftp_message *in, uint16_t src_port)
{
	size_t len = rd_left(&in->rest);

	if (len > TFTP_BLOCK_DEFAULT) {
		fail(m, "the group's blocks are longer than MTFTP's");
		return false;
	}
	if (!is_believed(m, in->block, len)) {
		m->ignored++;
		return true;            /* a sign of life all the same */
	}
	switch (tftp_blocks_take(&m->blocks, in->block, in->rest)) {
	case TFTP_TAKEN_TOO_BIG:
		fail(m, "the file is larger than the memory for it");
		return false;
	case TFTP_TAKEN_WRONG:
		m->malformed++;
		return false;
	case TFTP_TAKEN_OTHER:
		fail(m, "the blocks are of different files");
		return false;
	case TFTP_TAKEN_AGAIN:
		m->ignored++;
		break;
	case TFTP_TAKEN_NEW:
		m->is_mixed = m->is_mixed || (m->first_tid && src_port != m->first_tid);
		m->first_tid = m->first_tid ? m->first_tid : src_port;
		break;
	}
	return true;
}

/* A block of our own transfer. */
static void ask_next(struct mtftp *m, usec now, uint16_t number)
{
	if (number <= m->acked)
		return;                 /* it came twice, and its ACK goes out again by the timer alone */
	m->acked    = number;
	m->send_now = true;
	m->sends    = 0;
	m->wait     = WAIT_MIN;
	arm(m, now, m->wait);
}

/*
 * MTFTP says no file's name and no length. What came in two transfers is one file only if the second was heard to its
 * end: then all that the first one brought has come again, and was the same.
 */
static bool is_whole(const struct mtftp *m, uint16_t number)
{
	return tftp_blocks_are_whole(&m->blocks) && (!m->is_mixed || number == m->blocks.last);
}

static void rx_block(struct mtftp *m, usec now, const struct tftp_message *in, uint16_t src_port)
{
	if (m->state == MTFTP_DALLYING) {
		m->send_now = m->send_now || (src_port == m->tid && in->block == m->blocks.last);
		m->ignored++;
		return;
	}
	if (!take(m, in, src_port))
		return;
	/* The answer to our request is block 1; anything else is a transfer that has been going on. */
	if (m->state == MTFTP_OPENING && in->block == 1) {
		m->state = MTFTP_READING;
		m->tid   = src_port;
		m->acked = 0;
	}
	if (m->state == MTFTP_READING && src_port == m->tid)
		ask_next(m, now, in->block);
	if (is_whole(m, in->block))
		end_whole(m, now);
	else if (m->state != MTFTP_READING)
		listen(m, now, m->how.delay_s);
}

void mtftp_rx(struct mtftp *m, usec now, const struct datagram *in)
{
	struct tftp_message said;

	if (m->state == MTFTP_ENDED || in->src_ip != m->server) {
		m->foreign++;
		return;
	}
	if (!tftp_parse(in->payload, &said) || (said.op != TFTP_DATA && said.op != TFTP_ERROR))
		m->malformed++;
	else if (said.op == TFTP_DATA)
		rx_block(m, now, &said, in->src_port);
	else if (m->state == MTFTP_READING && in->src_port == m->tid && said.error == TFTP_ERROR_UNKNOWN_TID)
		listen(m, now, m->how.delay_s);         /* two opened at once, and the transfer is the other's */
	else if (m->state == MTFTP_OPENING || (m->state == MTFTP_READING && in->src_port == m->tid))
		fail(m, "the server refused");
	else
		m->ignored++;           /* of a transfer of others */
}

/* ---- what goes out ---- */

static bool tx_open(struct mtftp *m, usec now, struct wr *w, struct flow *flow)
{
	const struct tftp_options nothing = { .has_size = false };

	if (m->sends++ == ASKS_MAX) {
		fail(m, "the MTFTP server does not answer");
		return false;
	}
	m->retries += m->sends > 1;
	flow->dst_port = m->how.server_port;
	tftp_emit_request(w, m->file, &nothing);
	arm(m, now, m->wait);
	m->wait = min_u64(m->wait * 2, WAIT_MAX);
	return true;
}

static void open_transfer(struct mtftp *m)
{
	if (m->opened++ == OPENED_MAX) {
		fail(m, "blocks are missing after the last transfer");
		return;
	}
	m->state = MTFTP_OPENING;
	m->sends = 0;
	m->wait  = WAIT_MIN;
}

/* After the last block of our own transfer the server says nothing more: what is missing wants another one. */
static bool is_over(const struct mtftp *m) { return m->blocks.last && m->acked == m->blocks.last; }

static void time_out(struct mtftp *m, usec now)
{
	switch (m->state) {
	case MTFTP_LISTENING:
		open_transfer(m);
		break;
	case MTFTP_READING:
		if (is_over(m)) {
			listen(m, now, m->how.delay_s);
		} else if (++m->sends == ACKS_MAX) {
			fail(m, "the MTFTP server fell silent");
		} else {
			m->retries++;
			m->send_now = true;
			m->wait = min_u64(m->wait * 2, WAIT_MAX);
			arm(m, now, m->wait);
		}
		break;
	case MTFTP_DALLYING:
		m->state = MTFTP_ENDED;
		m->due   = NEVER;
		break;
	case MTFTP_OPENING:
	case MTFTP_ENDED:
		break;
	}
}

static bool tx_answer(struct mtftp *m, struct wr *w, struct flow *flow)
{
	flow->dst_port = m->tid;
	if (m->has_error_due)
		tftp_emit_error(w, TFTP_ERROR_UNDEFINED, "TFTP Aborted");
	else if (m->send_now)
		tftp_emit_ack(w, m->acked);
	else
		return false;
	m->has_error_due = m->send_now = false;
	return true;
}

bool mtftp_tx(struct mtftp *m, usec now, struct wr *w, struct flow *flow)
{
	*flow = (struct flow){ .dst_ip = m->server, .src_port = m->port };
	if (now >= m->due && !m->send_now)
		time_out(m, now);
	if (now >= m->due && m->state == MTFTP_OPENING && tx_open(m, now, w, flow))
		return true;
	return tx_answer(m, w, flow);
}

usec mtftp_wake_at(const struct mtftp *m)
{
	return m->send_now || m->has_error_due ? 0 : m->due;
}

enum mtftp_status mtftp_status(const struct mtftp *m)
{
	if (m->why)
		return MTFTP_FAILED;
	return m->state >= MTFTP_DALLYING ? MTFTP_DONE : MTFTP_WORKING;
}
