/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What the connections of the base code share: the way out, and the waiting. */
#include "pxe/ops.h"

/* ARP gives up after 2.75 s: what is not sent then, nor later, is what the card does not take. */
#define SEND_PATIENCE (4u * USEC_PER_S)

/* The program's router comes first (PXE 2.1 lets a caller name one), then those of the lease, then the relay. */
static void route_by(struct pxe_api *a, uint32_t gateway)
{
	struct net_address with = a->address;
	unsigned kept = a->address.route_count < NET_ROUTES_MAX ? a->address.route_count : NET_ROUTES_MAX - 1;

	if (gateway) {
		with.routes[0] = (struct route){ .via = gateway };
		memcpy(with.routes + 1, a->address.routes, kept * sizeof with.routes[0]);
		with.route_count = kept + 1;
	}
	net_configure(&a->net, &with);
}

uint16_t pxe_base_begin(struct pxe_api *a, uint32_t gateway)
{
	if (!pxe_card_up(a))
		return PXE_STATUS_CANNOT_INITIALIZE;
	if (!a->address.ip)
		return PXE_STATUS_NO_ADDRESS;
	route_by(a, gateway);
	return PXE_STATUS_SUCCESS;
}

void pxe_base_poll(struct pxe_api *a)
{
	const usec now = a->host->now(a->host);
	struct datagram d;

	while (net_poll(&a->net, now, &d)) {
		if (a->udp.is_open) {
			pxe_udp_queue(&a->udp, &d);
			continue;
		}
		tftp_rx(&a->tftp.client, now, &d);
	}
}

enum pxe_sent pxe_base_send(struct pxe_api *a, const struct flow *flow, size_t bytes)
{
	const usec start = a->host->now(a->host);
	enum net_sent sent;

	for (usec now = start; now - start < SEND_PATIENCE; now = a->host->now(a->host)) {
		sent = net_send(&a->net, now, flow, bytes);
		if (sent == NET_SENT || sent == NET_UNREACHABLE)
			return sent == NET_SENT ? PXE_SENT : PXE_NO_ARP;
		a->host->idle(a->host, min_u64(net_wake_at(&a->net), now + USEC_PER_MS));
		pxe_base_poll(a);
	}
	return PXE_CARD_BUSY;
}
