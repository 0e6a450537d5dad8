/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "pxe/ops.h"

void pxe_udp_queue(struct pxe_udp *u, const struct datagram *d)
{
	struct pxe_queued *q = &u->queue[u->queued];
	struct rd payload = d->payload;

	if (u->queued == PXE_UDP_QUEUE) {
		u->dropped++;
		return;
	}
	q->src_ip   = d->src_ip;
	q->dst_ip   = d->dst_ip;
	q->src_port = d->src_port;
	q->dst_port = d->dst_port;
	q->bytes    = (uint16_t)min_size(rd_left(&payload), sizeof q->payload);
	rd_bytes(&payload, q->payload, q->bytes);
	u->queued++;
}

void pxe_udp_end(struct pxe_api *a)
{
	a->udp.is_open = a->net.hears_every_port = false;
	a->udp.queued = 0;
	if (a->udp.has_own_address) {
		a->udp.has_own_address = false;
		a->address = (struct net_address){ 0 };
		net_configure(&a->net, &a->address);
	}
}

/*
 * The address is the lease's. Without a lease it is the program's until it closes, on whatever network: there it may
 * only broadcast.
 */
PXE_OP(pxe_udp_open)
{
	const struct pxe_udp_open *b = block;
	uint16_t status;

	if (a->udp.is_open)
		return PXE_STATUS_UDP_OPEN;
	if (a->tftp.is_open)
		return PXE_STATUS_TFTP_OPEN;
	a->udp.has_own_address = !a->address.ip;
	if (a->udp.has_own_address)
		a->address = (struct net_address){ .ip = pxe_ip(b->ip), .mask = UINT32_MAX };
	status = pxe_base_begin(a, 0);
	if (status != PXE_STATUS_SUCCESS) {
		pxe_udp_end(a);
		return status;
	}
	a->udp.is_open = true;
	a->udp.queued  = a->udp.dropped = 0;
	a->net.hears_every_port = true;
	return PXE_STATUS_SUCCESS;
}

PXE_OP(pxe_udp_close)
{
	if (!a->udp.is_open)
		return PXE_STATUS_UDP_CLOSED;
	pxe_udp_end(a);
	return PXE_STATUS_SUCCESS;
}

/* ---- reading ---- */

/* What the program asks for: 0 is any. The rest is dropped, as others' base codes do. */
static bool is_asked_for(const struct pxe_udp_read *b, uint32_t dst_ip, uint16_t dst_port)
{
	const uint32_t ip = pxe_ip(b->dst_ip);
	const uint16_t port = pxe_port(b->dst_port);

	return (!ip || ip == dst_ip) && (!port || port == dst_port);
}

/* NTLDR looks for the datagram's destination, although the specification does not say that it is told. */
static uint16_t give(struct pxe_udp_read *b, const struct guest_ram *ram, const struct datagram *d)
{
	struct rd payload = d->payload;
	const uint16_t bytes = (uint16_t)min_size(b->bytes, rd_left(&payload));
	uint8_t *to = pxe_buffer(ram, b->buffer, bytes);

	if (!to)
		return PXE_STATUS_INVALID_PARAMETER;
	b->bytes = bytes;
	rd_bytes(&payload, to, b->bytes);
	pxe_put_ip(b->src_ip, d->src_ip);
	pxe_put_ip(b->dst_ip, d->dst_ip);
	pxe_put_port(b->src_port, d->src_port);
	pxe_put_port(b->dst_port, d->dst_port);
	return PXE_STATUS_SUCCESS;
}

/* Of those that wait, the oldest; it stays where it is. */
static struct datagram oldest(const struct pxe_udp *u)
{
	const struct pxe_queued *q = &u->queue[0];

	return (struct datagram){
		.src_ip = q->src_ip, .dst_ip = q->dst_ip, .src_port = q->src_port, .dst_port = q->dst_port,
		.payload = rd_over(q->payload, q->bytes),
	};
}

/* Out of the queue; PXE_STATUS_FAILURE: nothing there is asked for. */
static uint16_t give_queued(struct pxe_udp *u, const struct guest_ram *ram, struct pxe_udp_read *b)
{
	uint16_t status = PXE_STATUS_FAILURE;

	while (u->queued && status == PXE_STATUS_FAILURE) {
		struct datagram d = oldest(u);

		if (is_asked_for(b, d.dst_ip, d.dst_port))
			status = give(b, ram, &d);
		memmove(u->queue, u->queue + 1, --u->queued * sizeof u->queue[0]);
	}
	return status;
}

/* Never waits. */
PXE_OP(pxe_udp_read)
{
	struct pxe_udp_read *b = block;
	struct datagram d;
	uint16_t status;

	if (!a->udp.is_open)
		return PXE_STATUS_UDP_CLOSED;
	status = give_queued(&a->udp, ram, b);
	while (status == PXE_STATUS_FAILURE && net_poll(&a->net, a->host->now(a->host), &d))
		if (is_asked_for(b, d.dst_ip, d.dst_port))
			status = give(b, ram, &d);
	return status;
}

/* ---- writing ---- */

PXE_OP(pxe_udp_write)
{
	const struct pxe_udp_write *b = block;
	const uint8_t *from = pxe_buffer(ram, b->buffer, b->bytes);
	struct flow flow = { .dst_ip = pxe_ip(b->ip), .dst_port = pxe_port(b->dst_port) };
	const uint16_t src_port = pxe_port(b->src_port);
	struct wr w = net_payload(&a->net);
	uint16_t status;

	if (!a->udp.is_open)
		return PXE_STATUS_UDP_CLOSED;
	if (!from)
		return PXE_STATUS_INVALID_PARAMETER;
	if (b->bytes > net_payload_max(&a->net))
		return PXE_STATUS_OUT_OF_RESOURCES;     /* it would need fragments */
	status = pxe_base_begin(a, pxe_ip(b->gateway));
	if (status != PXE_STATUS_SUCCESS)
		return status;
	flow.src_port = src_port ? src_port : PXE_UDP_PORT;
	wr_bytes(&w, from, b->bytes);
	switch (pxe_base_send(a, &flow, b->bytes)) {
	case PXE_SENT:      return PXE_STATUS_SUCCESS;
	case PXE_NO_ARP:    return PXE_STATUS_ARP_TIMEOUT;
	case PXE_CARD_BUSY: break;
	}
	return PXE_STATUS_OUT_OF_RESOURCES;     /* as UNDI_TRANSMIT */
}
