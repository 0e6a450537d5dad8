/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/tftp_multicast.h"

enum {
	WAIT_MIN = 400 * USEC_PER_MS, WAIT_MAX = 4000 * USEC_PER_MS,
	ASKS_MAX = 4, ACKS_MAX = 7,
	/* atftpd asks a master that died six times, every five seconds, before it turns to the next one. */
	SILENCE  = 35 * USEC_PER_S,
	DALLY    = 1000 * USEC_PER_MS,
};

/* Until then, and up to half as long again: machines that were switched on together must not ask together. */
static void arm(struct tftp_multicast *m, usec now, usec wait)
{
	m->due = now + wait + random_below(&m->random, (uint32_t)wait / 2);
}

static void fail(struct tftp_multicast *m, const char *why)
{
	m->state = MULTICAST_ENDED;
	m->due   = NEVER;
	m->why   = why;
	m->send_now      = false;
	m->has_error_due = m->tid != 0; /* or the server would keep us in its list */
	log_line(m->log, LOG_INFO, "tftp: %s by multicast: %s", m->file, why);
}

void tftp_multicast_init(struct tftp_multicast *m, uint32_t server, const char *file, uint8_t *room, size_t room_size,
                         uint16_t block_size, struct log *log, usec now, uint64_t seed)
{
	memset(m, 0, sizeof *m);
	tftp_blocks_init(&m->blocks, room, room_size, block_size);
	m->server = server;
	m->file   = file;
	m->log    = log;
	m->random = random_from(seed);
	m->port   = net_some_port(&m->random);
	m->due    = now;
	m->wait   = WAIT_MIN;
}

/* ---- what comes ---- */

static void end_whole(struct tftp_multicast *m, usec now)
{
	m->state    = MULTICAST_DALLYING;
	m->send_now = true;
	m->due      = now + DALLY;
}

/* The server's word on whose turn it is. */
static void take_turn(struct tftp_multicast *m, usec now)
{
	m->sends = 0;
	m->wait  = WAIT_MIN;
	m->state = m->is_master ? MULTICAST_MASTER : MULTICAST_LISTENING;
	m->was_master = m->was_master || m->is_master;
	m->send_now   = m->is_master;
	arm(m, now, m->is_master ? m->wait : SILENCE);
}

void tftp_multicast_joined(struct tftp_multicast *m, usec now, bool is_in)
{
	if (m->state != MULTICAST_JOINING)
		return;
	if (is_in)
		take_turn(m, now);
	else
		fail(m, "the card cannot be told to hear the group");
}

/* NULL, or why the transfer the server offers is none for us. */
static const char *objection(struct tftp_multicast *m, const struct tftp_options *o)
{
	uint16_t block_size = o->has_block_size ? o->block_size : TFTP_BLOCK_DEFAULT;

	if (!o->has_multicast)
		return "the server does not know the option";
	if (o->group.ip >> 28 != 0xe || !o->group.port)
		return "the server names no group";
	if (o->unknown || o->has_window || block_size > m->blocks.block_size)
		return "the server granted what nobody asked for";
	if (o->size > m->blocks.room_size)
		return "the file is larger than the memory for it";
	if ((size_t)o->size / block_size >= TFTP_BLOCKS_MAX)    /* it fits a size_t: i386 divides no 64 bits */
		return "the file has more blocks than there are numbers";
	m->blocks.block_size = block_size;
	return NULL;
}

static void rx_offer(struct tftp_multicast *m, usec now, const struct tftp_options *o)
{
	const char *wrong = objection(m, o);

	if (wrong) {
		fail(m, wrong);
		return;
	}
	if (o->has_size)
		m->size = o->size;
	m->group      = o->group.ip;
	m->group_port = o->group.port;
	m->is_master  = o->group.is_master;
	m->state      = MULTICAST_JOINING;
	arm(m, now, SILENCE);
}

/*
 * We have it all, and the server speaks to us still. A master says so by his last ACK. Of anyone else atftpd takes an
 * ACK for a question and an ERROR for a farewell; without one we would be the next master, and the others would wait.
 */
static void leave_list(struct tftp_multicast *m, bool is_master)
{
	m->send_now = is_master;
	m->has_error_due = !is_master && !m->has_left;
	m->has_left = m->has_left || !is_master;
}

static void rx_oack(struct tftp_multicast *m, usec now, const struct tftp_options *o)
{
	bool is_same = o->has_multicast && (!o->group.ip || o->group.ip == m->group)
	            && (!o->group.port || o->group.port == m->group_port);

	if (m->state == MULTICAST_ASKING) {
		rx_offer(m, now, o);
		return;
	}
	if (m->state == MULTICAST_DALLYING) {
		leave_list(m, o->group.is_master);
		return;
	}
	if (!is_same) {
		fail(m, "the server changed the group");
		return;
	}
	m->is_master = o->group.is_master;
	/* Who is told to listen says nothing: to each ACK of his atftpd says the same again, and so for ever. */
	if (m->state != MULTICAST_JOINING)
		take_turn(m, now);
}

static void rx_block(struct tftp_multicast *m, usec now, const struct tftp_message *in)
{
	if (m->state == MULTICAST_DALLYING) {
		/* Who asked for it says once more that it came; what the next master asks for is not our business. */
		if (m->is_master && in->block == m->blocks.last)
			m->send_now = true;
		m->ignored++;
		return;
	}
	switch (tftp_blocks_take(&m->blocks, in->block, in->rest)) {
	case TFTP_TAKEN_WRONG:
		m->malformed++;
		return;
	case TFTP_TAKEN_TOO_BIG:
		fail(m, "the file is larger than the memory for it");
		return;
	case TFTP_TAKEN_OTHER:
		fail(m, "the blocks are of different files");
		return;
	case TFTP_TAKEN_AGAIN:
		/* Somebody else missed it; a master does not ask again because of it, or both would for ever. */
		m->ignored++;
		if (m->state == MULTICAST_LISTENING)
			arm(m, now, SILENCE);
		return;
	case TFTP_TAKEN_NEW:
		break;
	}
	m->sends = 0;
	m->wait  = WAIT_MIN;
	arm(m, now, m->state == MULTICAST_MASTER ? m->wait : SILENCE);
	if (!tftp_blocks_are_whole(&m->blocks))
		m->send_now = m->state == MULTICAST_MASTER;
	else if (m->size && m->blocks.bytes != m->size)
		fail(m, "the file ended too early");
	else
		end_whole(m, now);
}

static bool is_from_server(struct tftp_multicast *m, const struct datagram *in)
{
	if (in->src_ip != m->server)
		return false;
	if (m->state == MULTICAST_ASKING && in->dst_port == m->port)
		m->tid = in->src_port;
	return in->src_port == m->tid;
}

static void rx_message(struct tftp_multicast *m, usec now, const struct tftp_message *in)
{
	if (in->op == TFTP_ERROR && m->state != MULTICAST_DALLYING) {
		m->tid = 0;             /* an ERROR is never answered */
		fail(m, "the server refused");
	}
	if (in->op == TFTP_OACK)
		rx_oack(m, now, &in->options);
	if (in->op == TFTP_DATA && m->state == MULTICAST_ASKING)
		fail(m, "the server does not know the option");
	else if (in->op == TFTP_DATA && m->state != MULTICAST_JOINING && m->state != MULTICAST_ENDED)
		rx_block(m, now, in);
}

void tftp_multicast_rx(struct tftp_multicast *m, usec now, const struct datagram *in)
{
	struct tftp_message said;

	if (m->state == MULTICAST_ENDED || !is_from_server(m, in)) {
		m->foreign++;
		return;
	}
	if (tftp_parse(in->payload, &said))
		rx_message(m, now, &said);
	else if (m->state == MULTICAST_ASKING)
		fail(m, "the server's answer makes no sense");
	else
		m->malformed++;
}

/* ---- what goes out ---- */

static bool tx_request(struct tftp_multicast *m, usec now, struct wr *w, struct flow *flow)
{
	const struct tftp_options asks = {
		.has_size = true, .has_block_size = true, .has_multicast = true, .block_size = m->blocks.block_size,
	};

	if (m->sends++ == ASKS_MAX) {
		fail(m, "the server does not answer");
		return false;
	}
	m->retries += m->sends > 1;
	flow->dst_port = TFTP_SERVER_PORT;
	tftp_emit_request(w, m->file, &asks);
	arm(m, now, m->wait);
	m->wait = min_u64(m->wait * 2, WAIT_MAX);
	return true;
}

static bool tx_error(struct tftp_multicast *m, struct wr *w, struct flow *flow)
{
	m->has_error_due = false;
	flow->dst_port   = m->tid;
	tftp_emit_error(w, TFTP_ERROR_UNDEFINED, "TFTP Aborted");
	return true;
}

/* An ACK asks for the block behind it: the first that is missing. */
static bool tx_ack(struct tftp_multicast *m, struct wr *w, struct flow *flow)
{
	m->send_now    = false;
	flow->dst_port = m->tid;
	tftp_emit_ack(w, tftp_blocks_before_hole(&m->blocks));
	return true;
}

/* Nothing came for as long as could be waited for. */
static void time_out(struct tftp_multicast *m, usec now)
{
	switch (m->state) {
	case MULTICAST_JOINING:
	case MULTICAST_LISTENING:
		fail(m, "the transfer fell silent");
		break;
	case MULTICAST_MASTER:
		if (++m->sends == ACKS_MAX) {
			fail(m, "the server fell silent");
			break;
		}
		m->retries++;
		m->send_now = true;
		m->wait = min_u64(m->wait * 2, WAIT_MAX);
		arm(m, now, m->wait);
		break;
	case MULTICAST_DALLYING:
		m->state = MULTICAST_ENDED;
		m->due   = NEVER;
		break;
	case MULTICAST_ASKING:
	case MULTICAST_ENDED:
		break;
	}
}

bool tftp_multicast_tx(struct tftp_multicast *m, usec now, struct wr *w, struct flow *flow)
{
	*flow = (struct flow){ .dst_ip = m->server, .src_port = m->port };
	if (now >= m->due && m->state == MULTICAST_ASKING && tx_request(m, now, w, flow))
		return true;
	if (now >= m->due && !m->send_now)
		time_out(m, now);
	if (m->has_error_due)
		return tx_error(m, w, flow);
	return m->send_now && tx_ack(m, w, flow);
}

usec tftp_multicast_wake_at(const struct tftp_multicast *m)
{
	return m->send_now || m->has_error_due ? 0 : m->due;
}

enum tftp_multicast_status tftp_multicast_status(const struct tftp_multicast *m)
{
	if (m->why)
		return TFTP_MULTICAST_FAILED;
	return m->state >= MULTICAST_DALLYING ? TFTP_MULTICAST_DONE : TFTP_MULTICAST_WORKING;
}
