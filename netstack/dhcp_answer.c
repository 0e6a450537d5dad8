/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/dhcp_answer.h"
#include "netstack/dhcp_lease.h"
#include "netstack/dhcp_offer.h"

static void keep(struct dhcp_answer_packet *k, struct rd packet)
{
	size_t size = rd_left(&packet);

	memset(k, 0, sizeof *k);
	if (size > sizeof k->bytes)
		return;
	k->size = size;
	rd_bytes(&packet, k->bytes, size);
}

/* Whether the packet just read is of the proxy that was chosen, and says what to boot. */
static bool is_from_proxy(const struct dhcp *d)
{
	const struct dhcp_offer *proxy = dhcp_offer_best_proxy(d);

	return proxy && proxy->lease.server == d->incoming.lease.server && dhcp_lease_has_boot_data(&proxy->lease);
}

static bool is_the_lease(const struct dhcp *d)
{
	const struct dhcp_lease *new = &d->incoming.lease;

	return d->status == DHCP_BOUND && new->address.ip == d->lease.address.ip && new->server == d->lease.server;
}

void dhcp_answer_note(struct dhcp_answer *a, const struct dhcp *d, struct rd packet)
{
	struct dhcp_packet p;

	if (!d->took || !dhcp_parse(packet, &p))
		return;
	if ((p.type == DHCP_OFFER || p.type == DHCP_BOOTP) && a->xid != p.xid) {
		memset(a, 0, sizeof *a);
		a->xid = p.xid;
		memcpy(a->mac, p.mac, sizeof a->mac);
	}
	if (p.type == DHCP_OFFER && !p.your_ip && is_from_proxy(d))
		keep(&a->proxy, packet);
	/* A renewal has a number of its own. */
	if (p.type == DHCP_ACK && a->xid == p.xid && is_the_lease(d))
		keep(&a->ack, packet);
}

/* Option 121 for an ACK of our own: the default route alone is told by option 3. */
static void tell_routes(struct dhcp_ack *ack, const struct net_address *a, struct dhcp_route room[NET_ROUTES_MAX])
{
	if (a->route_count == 0 || (a->route_count == 1 && a->routes[0].mask == 0))
		return;
	for (unsigned i = 0; i < a->route_count; i++)
		room[i] = (struct dhcp_route){ a->routes[i].dst, a->routes[i].mask, a->routes[i].via };
	ack->routes      = room;
	ack->route_count = a->route_count;
}

void dhcp_answer_note_server(struct dhcp_answer *a, struct rd packet)
{
	keep(&a->server, packet);
}

size_t dhcp_answer_ack(const struct dhcp_answer *a, const struct dhcp_lease *l, uint32_t server, const char *file,
                       uint8_t room[DHCP_SIZE_MAX])
{
	struct dhcp_ack ack = {
		.xid = a->xid, .your_ip = l->address.ip, .next_ip = server, .boot_file = file,
		.server_id = l->server, .netmask = l->address.mask, .router = l->router, .lease_s = l->lease_s,
		.dns = l->dns, .dns_count = COUNT_OF(l->dns), .host_name = l->host_name, .domain = l->domain,
		.root_path = l->root_path, .mtu = l->address.mtu,
	};
	struct wr w = wr_over(room, DHCP_SIZE_MAX);
	struct dhcp_route routes[NET_ROUTES_MAX];
	struct dhcp_packet p;

	tell_routes(&ack, &l->address, routes);
	memcpy(ack.mac, a->mac, sizeof ack.mac);
	if (a->ack.size && dhcp_parse(rd_over(a->ack.bytes, a->ack.size), &p)) {
		ack.options_from = &p;
		ack.relay_ip = p.relay_ip;
		dhcp_emit_ack(&w, &ack);
	}
	if (!ack.options_from || !wr_ok(&w)) {        /* overloaded fields, unfolded, may need more than a packet has */
		ack.options_from = NULL;
		w = wr_over(room, DHCP_SIZE_MAX);
		dhcp_emit_ack(&w, &ack);
	}
	memset(w.at, 0, w.left);
	return wr_used(&w, room);
}
