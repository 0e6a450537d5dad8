/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "loader/handover.h"

/*
 * The driver begins 2^16 after the request number it is told, so that it never takes a late answer to us for its
 * own: the number, and the counters with it, are brought up to date long before we have used up that gap.
 */
enum { REQUESTS_UNTOLD = 256 };

/* Whole seconds. A division of 64 bits would need a library on i386; three days are enough. */
static uint32_t seconds_of(usec t)
{
	t >>= 6;
	return (t > UINT32_MAX ? UINT32_MAX : (uint32_t)t) / (USEC_PER_S >> 6);
}

/* What is left of a time that began then. */
static uint32_t left_of(uint32_t seconds, usec began, usec now)
{
	uint32_t passed = seconds_of(now > began ? now - began : 0);

	if (seconds == UINT32_MAX)
		return seconds;
	return passed < seconds ? seconds - passed : 0;
}

static uint8_t prefix_of(uint32_t mask)
{
	uint8_t bits = 0;

	for (; mask & 0x80000000; mask <<= 1)
		bits++;
	return bits;
}

static void gather_lease(const struct attachment *a, struct handover *h, usec now)
{
	const struct dhcp_lease *l = &a->dhcp.lease;

	h->lease = (struct handover_lease){
		.address = handover_ipv4(l->address.ip),
		.router  = handover_ipv4(l->router),
		.server  = handover_ipv4(l->server),
		.prefix  = prefix_of(l->address.mask),
		.lease_s = left_of(l->lease_s, l->bound_at, now),
		.t1_s    = left_of(l->t1_s, l->bound_at, now),
		.t2_s    = left_of(l->t2_s, l->bound_at, now),
	};
	h->id_is_uuid = a->has_dhcp && a->dhcp.who.id_is_uuid;
	h->dns_count = 0;
	for (unsigned i = 0; i < COUNT_OF(l->dns) && h->dns_count < HANDOVER_DNS_MAX; i++)
		if (l->dns[i])
			h->dns[h->dns_count++] = handover_ipv4(l->dns[i]);
	h->mtu  = l->address.mtu ? (uint16_t)min_size(l->address.mtu, a->net.nic->mtu) : a->net.nic->mtu;
	h->vlan = a->net.vlan;
	memcpy(h->mac, a->net.nic->mac, sizeof h->mac);
	memcpy(h->host_name, l->host_name, sizeof h->host_name - 1);
	h->host_name[sizeof h->host_name - 1] = 0;
}

static void gather_session(const struct attachment *a, struct handover *h, usec now)
{
	const struct stream_counters *c = &a->stream.counters;
	const struct login_grant *g = &a->stream.grant;

	memcpy(h->disk, g->disk, sizeof h->disk);
	memcpy(h->servers, g->servers, sizeof h->servers);
	h->content   = g->content;
	h->ticket    = g->ticket;
	h->size      = g->size;
	h->expires_s = left_of(g->expires_s, g->granted_at, now);
	h->version   = g->version;
	h->mode      = (uint8_t)g->mode;
	h->session   = g->session;
	h->window    = g->window;
	h->segment   = a->stream.size.allowed;
	h->server_count = g->server_count;
	h->next_request = a->stream.next_request;
	h->client_port  = STREAM_CLIENT_PORT;
	h->drive        = a->drive;
	if (a->stream.server < g->server_count)
		h->server_current = g->servers[a->stream.server];
	h->counters = (struct tlv_counters){
		.bytes = c->bytes, .requests = c->requests, .requests_again = c->requests_again,
		.datagrams_dropped = c->dropped_malformed + c->dropped_check + c->dropped_foreign + c->dropped_late
		                   + c->dropped_duplicate,
		.failovers = c->failovers,
	};
}

void handover_update(struct attachment *a)
{
	usec now = a->port->now(a->port);

	if (!a->handover_room || !a->is_open)
		return;
	gather_lease(a, &a->handover, now);
	gather_session(a, &a->handover, now);
	if (handover_write(a->handover_room, a->handover_size, &a->handover) == 0)
		memset(a->handover_room, 0, a->handover_size);
	a->handovers++;
	a->told = (struct attachment_told){
		.ticket = a->stream.grant.ticket, .server = a->stream.server,
		.ip = a->dhcp.lease.address.ip, .bound_at = a->dhcp.lease.bound_at,
		.next_request = a->stream.next_request,
	};
}

void handover_start(struct attachment *a, uint8_t *room, size_t size, const struct handover *facts)
{
	a->handover_room = room;
	a->handover_size = size;
	a->handover = *facts;
	handover_update(a);
}

static bool is_true_still(const struct attachment *a)
{
	const struct stream_ticket *t = &a->stream.grant.ticket;

	return a->stream.next_request - a->told.next_request < REQUESTS_UNTOLD && a->told.server == a->stream.server
	    && a->told.ip == a->dhcp.lease.address.ip
	    && a->told.bound_at == a->dhcp.lease.bound_at && a->told.ticket.len == t->len
	    && memcmp(a->told.ticket.bytes, t->bytes, t->len) == 0;
}

void handover_refresh(struct attachment *a)
{
	/* While the lease is lost the block goes on telling the old one: H4 has the driver get a new one. */
	if (a->handover_room && !a->lost && !is_true_still(a))
		handover_update(a);
}

void handover_stop(struct attachment *a)
{
	if (a->handover_room)
		memset(a->handover_room, 0, a->handover_size);
	a->handover_room = NULL;
}
