/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/count/counter.h"
#include "netstack/net.h"

enum { FRAMES_A_TURN = 32, TYPE_AT = 12, TYPE_IP = 0x0800, PROTOCOL_AT = 23, PROTOCOL_UDP = 17 };

/* Looks at the few bytes that tell a blast from all else; no checksums, that is what the stack is for. */
static bool is_blast(struct counter *c, struct rd frame)
{
	struct rd r = frame;
	uint32_t run, sequence;

	rd_skip(&r, TYPE_AT);
	if (rd_be16(&r) != TYPE_IP)
		return false;
	rd_skip(&r, PROTOCOL_AT - TYPE_AT - 2);
	if (rd_u8(&r) != PROTOCOL_UDP)
		return false;
	rd_skip(&r, UDP_PAYLOAD_AT - PROTOCOL_AT - 1);
	if (rd_be32(&r) != COUNTER_MAGIC)
		return false;
	run = rd_be32(&r);
	sequence = rd_be32(&r);
	if (!rd_ok(&r))
		return false;
	c->all++;
	if (run == c->run) {
		c->frames++;
		c->bytes += (uint32_t)(rd_left(&frame) - UDP_PAYLOAD_AT);
		c->last = sequence;
	}
	return true;
}

/* Bounded, so that the clock is looked at however fast they come. */
static bool counter_poll(struct nic *nic, struct rd *frame)
{
	struct counter *c = (struct counter *)nic;

	for (unsigned i = 0; i < FRAMES_A_TURN && c->card->poll(c->card, frame); i++)
		if (!is_blast(c, *frame))
			return true;
	return false;
}

static bool counter_send(struct nic *nic, const void *frame, size_t len)
{
	struct counter *c = (struct counter *)nic;

	return c->card->send(c->card, frame, len);
}

static enum nic_link counter_link(struct nic *nic)
{
	struct counter *c = (struct counter *)nic;

	return c->card->link(c->card);
}

void counter_init(struct counter *c, struct nic *card)
{
	*c = (struct counter){ .nic = *card, .card = card };
	c->nic.poll = counter_poll;
	c->nic.send = counter_send;
	c->nic.link = counter_link;
	c->nic.groups = NULL;           /* nobody here listens to one */
}

void counter_start(struct counter *c, uint32_t run)
{
	c->run = run;
	c->frames = c->bytes = c->last = 0;
}

void counter_emit(struct wr *w, const struct counter_ask *ask)
{
	wr_be32(w, COUNTER_MAGIC);
	wr_be32(w, ask->run);
	wr_be32(w, ask->frames_per_s);
	wr_be32(w, ask->ms);
	wr_be16(w, ask->payload);
	wr_be16(w, ask->answer);
}
