/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "loader/attachment.h"
#include "lib/fmt.h"
#include "loader/handover.h"

/* Datagrams an endpoint may send in a turn: a window's worth of requests, and a login beside it. */
enum { STREAM_SENDS_PER_TURN = 4 };

void attachment_init(struct attachment *a, struct port *port, struct nic *nic)
{
	a->port = port;
	net_init(&a->net, nic, &port->log);
	a->has_dhcp = a->keeps_lease = a->lost = a->is_open = false;
	a->patience = NEVER;
	a->unsent = (struct attachment_unsent){ .waiting = false };
	a->handover_room = NULL;
	a->handovers = 0;
	a->drive = 0;
}

void attachment_configure(struct attachment *a, const struct dhcp_lease *lease)
{
	net_configure(&a->net, &lease->address);
	/* Another address than the session's: the ticket is bound to the old one. */
	if (a->is_open && a->configured_ip != lease->address.ip)
		stream_moved(&a->stream, a->port->now(a->port));
	a->configured_at = lease->bound_at;
	a->configured_ip = lease->address.ip;
	a->keeps_lease = true;
	a->lost = false;
}

static struct attachment *of_front(struct disk *d)
{
	return (struct attachment *)((uint8_t *)d - offsetof(struct attachment, front));
}

static enum disk_status front_read(struct disk *d, uint64_t lba, uint32_t sectors, uint8_t *into)
{
	struct attachment *a = of_front(d);
	enum disk_status status;

	if (!a->is_open)                /* its owner is taking it away, and nobody would answer */
		return DISK_IO_ERROR;
	attachment_enter(a);
	status = disk_read(attachment_disk(a), lba, sectors, into);
	attachment_leave(a);
	return status;
}

static enum disk_status front_write(struct disk *d, uint64_t lba, uint32_t sectors, const uint8_t *from)
{
	struct attachment *a = of_front(d);
	enum disk_status status;

	if (!a->is_open)
		return DISK_IO_ERROR;
	attachment_enter(a);
	status = disk_write(attachment_disk(a), lba, sectors, from);
	attachment_leave(a);
	return status;
}

void attachment_open(struct attachment *a, const struct stream_config *config, const struct login_grant *grant)
{
	usec now = a->port->now(a->port);

	net_open_port(&a->net, STREAM_CLIENT_PORT);
	stream_init(&a->stream, config, grant, a->net.log, now, a->port->seed ^ now);
	/* The caller's text is gone when the boot is; later logins need it. */
	fmt_text(a->build, sizeof a->build, "%s", config->who.build);
	a->stream.config.who.build = a->build;
	disk_stream_init(&a->streamed, a, grant->size);
	disk_cache_init(&a->cache, &a->streamed.disk);
	disk_overlay_init(&a->overlay, &a->cache.disk);
	a->front = (struct disk){ .read = front_read, .write = front_write, .sectors = attachment_disk(a)->sectors };
	a->is_open = true;
}

void attachment_close(struct attachment *a, const char *why)
{
	usec now = a->port->now(a->port);

	if (!a->is_open)
		return;
	stream_bye(&a->stream, now, why);
	attachment_tx(a, now);
	a->is_open = false;
	handover_stop(a);
}

void attachment_silence(struct attachment *a)
{
	/* Whoever listened to the link for the boot is gone; the port of a bundle wants to be answered on and on. */
	if (a->net.listener != lacp_listener(&a->lacp))
		net_listen(&a->net, lacp_listener(&a->lacp));
	a->net.log = a->dhcp.log = NULL;
	a->stream.log = a->stream.login.log = NULL;
}

bool attachment_rx(struct attachment *a, usec now, const struct datagram *d)
{
	struct stream_address from;

	if (d->dst_port == DHCP_CLIENT_PORT && a->has_dhcp) {
		dhcp_rx(&a->dhcp, now, d);
		return true;
	}
	if (d->dst_port == STREAM_CLIENT_PORT && a->is_open) {
		from = stream_address_ipv4(d->src_ip, d->src_port);
		stream_rx(&a->stream, now, &from, d->payload);
		return true;
	}
	return false;
}

bool attachment_can_send(const struct attachment *a) { return !a->unsent.waiting; }

void attachment_send(struct attachment *a, usec now, const struct flow *flow, size_t len)
{
	usec drop_at = a->unsent.waiting ? a->unsent.drop_at : now + UNSENT_PATIENCE;
	enum net_sent sent = net_send(&a->net, now, flow, len);

	/* What is unreachable is dropped: its endpoint asks again, and says so when it has asked enough. */
	a->unsent = (struct attachment_unsent){
		.waiting = (sent == NET_RESOLVING || sent == NET_BUSY) && now < drop_at, .flow = *flow, .len = len,
		.again_at = now + USEC_PER_MS, .drop_at = drop_at,
	};
	if (sent == NET_RESOLVING)
		a->unsent.again_at = min_u64(net_wake_at(&a->net), drop_at);
}

/* A lease that was renewed, or lost, or found again, changes what the stack may do. */
static void follow_lease(struct attachment *a, usec now)
{
	static const struct net_address nobody;
	struct dhcp_identity who;

	switch (dhcp_status(&a->dhcp)) {
	case DHCP_BOUND:
		if (a->configured_at != a->dhcp.lease.bound_at || a->lost)
			attachment_configure(a, &a->dhcp.lease);
		break;
	case DHCP_LOST:
	case DHCP_FAILED:
		/* RFC 2131 4.4.5: the network is not used without a lease. From the beginning, then. */
		a->lost = true;
		net_configure(&a->net, &nobody);
		who = a->dhcp.who;
		who.start_spread_ms = 0;        /* for machines that start together; a disk waits now */
		dhcp_init(&a->dhcp, &who, a->net.log, now, a->port->seed ^ now);
		break;
	case DHCP_WORKING:
		break;
	}
}

static void tx_dhcp(struct attachment *a, usec now)
{
	struct wr w = net_payload(&a->net);
	const uint8_t *start = w.at;
	struct flow flow;

	if (attachment_can_send(a) && dhcp_tx(&a->dhcp, now, &w, &flow) && wr_ok(&w))
		attachment_send(a, now, &flow, wr_used(&w, start));
}

/* False: it has nothing to send now. */
static bool tx_stream(struct attachment *a, usec now)
{
	struct wr w = net_payload(&a->net);
	const uint8_t *start = w.at;
	struct stream_address to;
	struct flow flow = { .src_port = STREAM_CLIENT_PORT };

	if (!attachment_can_send(a) || !stream_tx(&a->stream, now, &w, &to))
		return false;
	flow.dst_port = to.port;
	if (wr_ok(&w) && stream_address_is_ipv4(&to, &flow.dst_ip))
		attachment_send(a, now, &flow, wr_used(&w, start));
	return true;
}

void attachment_tx(struct attachment *a, usec now)
{
	if (a->unsent.waiting)
		attachment_send(a, now, &a->unsent.flow, a->unsent.len);
	if (a->has_dhcp) {
		tx_dhcp(a, now);
		if (a->keeps_lease)
			follow_lease(a, now);
	}
	for (int n = 0; a->is_open && !a->lost && n < STREAM_SENDS_PER_TURN; n++)
		if (!tx_stream(a, now))
			break;
}

usec attachment_wake_at(const struct attachment *a)
{
	usec at = net_wake_at(&a->net);

	if (a->unsent.waiting)          /* until it has left nobody else can send, however much is due */
		return min_u64(at, a->unsent.again_at);
	if (a->has_dhcp)
		at = min_u64(at, dhcp_wake_at(&a->dhcp));
	if (a->is_open && !a->lost)
		at = min_u64(at, stream_wake_at(&a->stream));
	return at;
}

/* Takes in what the card has, which may look again until `due`; false: nothing, not even what is not for us. */
static bool take_in(struct attachment *a, usec *now, usec due)
{
	uint32_t frames = a->net.dropped.frames;
	struct nic *nic = a->net.nic;
	struct datagram d;

	nic->rx_expected = (uint16_t)(a->is_open ? a->stream.under_way : 0);
	nic->rx_wait_us  = due > *now ? (uint32_t)min_u64(due - *now, UINT32_MAX) : 0;
	while (net_poll(&a->net, *now, &d)) {
		*now = a->port->now(a->port);   /* many frames take milliseconds, in which nobody was silent */
		(void)attachment_rx(a, *now, &d);
	}
	nic->rx_wait_us = 0;            /* others poll it, too, and do not wait */
	return a->net.dropped.frames != frames;
}

static void give_out(struct attachment *a, usec now)
{
	attachment_tx(a, now);
	if (a->is_open)
		handover_refresh(a);
}

void attachment_turn(struct attachment *a)
{
	usec now = a->port->now(a->port);

	(void)take_in(a, &now, now);
	give_out(a, now);
}

void attachment_wait(struct attachment *a, usec until)
{
	usec due = min_u64(until, attachment_wake_at(a)), now = a->port->now(a->port);

	/* Neither the time nor a frame has changed anything: so the endpoints need not be asked again. */
	while (!take_in(a, &now, due)) {
		now = a->port->now(a->port);            /* a look takes its time, and what is due waits */
		if (now >= due)
			break;
		a->port->idle(a->port, due);
		now = a->port->now(a->port);
	}
	give_out(a, now);
}

void attachment_idle(struct attachment *a, usec until)
{
	until = min_u64(until, attachment_wake_at(a));
	if (until > a->port->now(a->port))
		a->port->idle(a->port, until);
}

/*
 * A renewal, or frames that were asked for. Others can wait until somebody has to look: each look costs the caller
 * time.
 */
static bool is_due(const struct attachment *a)
{
	return (a->is_open && a->stream.under_way) || attachment_wake_at(a) <= a->port->now(a->port);
}

void attachment_enter(struct attachment *a)
{
	if (is_due(a))
		attachment_turn(a);
}

void attachment_leave(struct attachment *a)
{
	attachment_tx(a, a->port->now(a->port));        /* not only at the next call */
}
