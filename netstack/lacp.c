/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/lacp.h"
#include "netstack/vlan.h"

enum { ANSWERS_PER_SECOND = 10, LOWEST_SYSTEM = 0xffff, LOWEST_PORT = 0xff, OUR_KEY = 1, OUR_PORT = 1 };

/* A port that is on its way into the bundle says so each second. */
#define BELIEVED (5u * USEC_PER_S)

static void listener_rx(struct net_listener *l, struct net *n, usec now, const struct eth_head *eth,
                        struct rd payload)
{
	if (eth->type == ETH_SLOW)
		lacp_rx((struct lacp *)l, n, now, payload);
}

void lacp_init(struct lacp *l)
{
	*l = (struct lacp){ .listener = { listener_rx, &slow_group, 1 } };
}

struct net_listener *lacp_listener(struct lacp *l) { return l->is_heard ? &l->listener : NULL; }

/* False: too many were sent in this second. */
static bool may_answer(struct lacp *l, usec now)
{
	if (now - l->second >= USEC_PER_S) {
		l->second = now;
		l->in_second = 0;
	}
	return l->in_second++ < ANSWERS_PER_SECOND;
}

/* Either kind of answer: a frame to the group. */
static void answer(struct lacp *l, struct net *n, usec now, const struct lacp_pdu *pdu, const struct lacp_marker *m)
{
	uint8_t frame[ETH_HEAD + LACP_BYTES];
	struct wr w = wr_over(frame, sizeof frame);
	struct eth_head eth = { .type = ETH_SLOW };

	memcpy(eth.dst, slow_group, sizeof eth.dst);
	memcpy(eth.src, n->nic->mac, sizeof eth.src);
	eth_emit(&w, &eth);
	if (pdu)
		lacp_emit(&w, pdu);
	else
		lacp_emit_marker_answer(&w, m);
	if (wr_ok(&w) && may_answer(l, now) && vlan_send_untagged(n, frame, sizeof frame))
		l->answered++;
}

static void answer_lacp(struct lacp *l, struct net *n, usec now)
{
	uint8_t his = l->partner.state;
	struct lacp_pdu pdu = {
		.actor = {
			.system_priority = LOWEST_SYSTEM, .key = OUR_KEY,
			.port_priority = LOWEST_PORT, .port = OUR_PORT,
			.state = LACP_IN_SYNC | (his & (LACP_AGGREGATABLE | LACP_SHORT_TIMEOUT)),
		},
		.partner = l->partner,
	};

	if (his & LACP_IN_SYNC)
		pdu.actor.state |= LACP_COLLECTING | LACP_DISTRIBUTING;
	memcpy(pdu.actor.system, n->nic->mac, sizeof pdu.actor.system);
	answer(l, n, now, &pdu, NULL);
}

void lacp_rx(struct lacp *l, struct net *n, usec now, struct rd payload)
{
	struct lacp_marker marker;
	struct lacp_pdu heard;

	switch (slow_parse(&payload)) {
	case SLOW_LACP:
		if (!lacp_parse(payload, &heard))
			break;
		if (memcmp(heard.actor.system, n->nic->mac, sizeof heard.actor.system) == 0)
			return;                         /* our own words, by a loop in the cabling */
		l->partner  = heard.actor;
		l->is_heard = true;
		l->heard_at = now;
		answer_lacp(l, n, now);
		return;
	case SLOW_MARKER:
		if (lacp_parse_marker(payload, &marker))
			answer(l, n, now, NULL, &marker);
		return;                                 /* answers to one we never sent are markers, too */
	case SLOW_UNKNOWN:
		return;
	}
	l->malformed++;
}

bool lacp_blocks(const struct lacp *l, usec now)
{
	enum { FORWARDS = LACP_COLLECTING | LACP_DISTRIBUTING };

	return l->is_heard && (l->partner.state & FORWARDS) != FORWARDS && now < l->heard_at + BELIEVED;
}

usec lacp_until(const struct lacp *l, usec now) { return lacp_blocks(l, now) ? l->heard_at + BELIEVED : NEVER; }
