/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/dhcp_message.h"

/* Of the one offer that is asked for; RFC 2131 3.1.3: a relay must take this for a part of the DISCOVER before it. */
static void ask_for_offer(const struct dhcp *d, struct dhcp_question *q)
{
	q->requested_ip = d->offers[d->chosen].lease.address.ip;
	q->server_id    = d->offers[d->chosen].lease.server;
	q->secs         = d->discover_secs;
}

static void ask_for_more_time(const struct dhcp *d, struct dhcp_question *q, struct flow *flow)
{
	q->client_ip = d->lease.address.ip;
	q->broadcast = false;
	if (d->state == DHCP_RENEWING)
		flow->dst_ip = d->lease.server;
}

static void give_up(const struct dhcp *d, struct dhcp_question *q, struct flow *flow)
{
	q->server_id = d->lease.server;
	q->broadcast = false;
	q->secs      = 0;
	if (q->type == DHCP_DECLINE) {
		q->requested_ip = d->lease.address.ip;
		q->message      = "in use by another machine";
	} else {
		q->client_ip = d->lease.address.ip;
		q->message   = "the machine is given back";
		flow->dst_ip = d->lease.server;
	}
}

void dhcp_message_write(struct dhcp *d, usec now, enum dhcp_type type, struct wr *w, struct flow *flow)
{
	struct dhcp_question q = {
		.type = type, .xid = d->xid, .secs = dhcp_secs(d->started, now), .broadcast = true,
		.architecture = d->who.architecture, .undi_major = d->who.undi_major, .undi_minor = d->who.undi_minor,
		.id_is_uuid = d->who.id_is_uuid, .user_class = "Rill",
	};

	memcpy(q.mac, d->who.mac, sizeof q.mac);
	memcpy(q.uuid, d->who.uuid, sizeof q.uuid);
	*flow = (struct flow){ .dst_ip = IP_BROADCAST, .src_port = DHCP_CLIENT_PORT, .dst_port = DHCP_SERVER_PORT };
	if (type == DHCP_DISCOVER)
		d->discover_secs = q.secs;
	else if (type != DHCP_REQUEST)
		give_up(d, &q, flow);
	else if (d->state == DHCP_REQUESTING)
		ask_for_offer(d, &q);
	else
		ask_for_more_time(d, &q, flow);
	dhcp_emit(w, &q);
	d->asked_at = now;
	d->sent++;
}
