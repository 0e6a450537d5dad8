/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "loader/multicast.h"
#include "lib/fmt.h"
#include "loader/progress.h"
#include "loader/steps.h"

bool multicast_is_for(const struct boot *b, uint16_t port)
{
	const struct multicast *m = &b->multicast;

	return (m->has_mtftp && port == m->mtftp.port)
	    || (m->has_tftp && (port == m->tftp.port || port == m->tftp.group_port));
}

/* A port that somebody has is not shared: it would be closed with ours. */
static bool join(struct boot *b, usec now)
{
	struct multicast *m = &b->multicast;
	struct net *net = &b->attachment->net;

	if (net_is_open(net, m->tftp.group_port) || !net_open_port(net, m->tftp.group_port))
		return false;
	m->has_group_port = true;
	return igmp_join(&m->group, net, now, m->tftp.group, random_next(&b->random));
}

void multicast_rx(struct boot *b, usec now, const struct datagram *d)
{
	struct multicast *m = &b->multicast;

	if (m->has_mtftp) {
		mtftp_rx(&m->mtftp, now, d);
		return;
	}
	tftp_multicast_rx(&m->tftp, now, d);
	if (m->tftp.state == MULTICAST_JOINING)         /* now, before the first block is asked for */
		tftp_multicast_joined(&m->tftp, now, join(b, now));
}

void multicast_tx(struct boot *b, usec now)
{
	struct multicast *m = &b->multicast;
	struct attachment *a = b->attachment;
	struct wr w = net_payload(&a->net);
	const uint8_t *start = w.at;
	struct flow flow;

	if (!attachment_can_send(a))
		return;
	if (((m->has_mtftp && mtftp_tx(&m->mtftp, now, &w, &flow))
	     || (m->has_tftp && tftp_multicast_tx(&m->tftp, now, &w, &flow))) && wr_ok(&w))
		attachment_send(a, now, &flow, wr_used(&w, start));
}

usec multicast_wake_at(const struct boot *b)
{
	const struct multicast *m = &b->multicast;

	return m->has_mtftp ? mtftp_wake_at(&m->mtftp) : m->has_tftp ? tftp_multicast_wake_at(&m->tftp) : NEVER;
}

static bool is_working(const struct multicast *m)
{
	return m->has_mtftp ? mtftp_status(&m->mtftp) == MTFTP_WORKING
	                    : tftp_multicast_status(&m->tftp) == TFTP_MULTICAST_WORKING;
}

static size_t received(const struct multicast *m)
{
	return m->has_mtftp ? m->mtftp.blocks.bytes : m->tftp.blocks.bytes;
}

/* Turns until the transfer ends, or its server says that nobody listens where it is asked. False: Esc. */
static bool wait_for_file(struct boot *b, const struct flow *asked)
{
	struct multicast *m = &b->multicast;
	struct net *net = &b->attachment->net;
	struct progress shown;
	bool go_on = true;

	net->unreachable.seen = false;
	progress_init(&shown, b->log, boot_now(b));
	while (go_on && is_working(m) && !net_is_refused(net, asked)) {
		go_on = boot_turn(b, shown.due);
		progress_show(&shown, boot_now(b), received(m), m->has_tftp ? m->tftp.size : 0);
	}
	progress_end(&shown);
	for (usec until = boot_now(b) + BOOT_DALLY; go_on && boot_now(b) < until && multicast_wake_at(b) != NEVER
	     && !is_working(m);)
		go_on = boot_turn(b, until);
	return go_on;
}

static enum multicast_end end_of(struct boot *b, bool go_on, bool is_done, const char *why)
{
	b->multicast.has_mtftp = b->multicast.has_tftp = false;
	igmp_leave(&b->multicast.group, &b->attachment->net);
	if (!go_on)
		return MULTICAST_CANCELLED;
	if (is_done)
		return MULTICAST_FETCHED;
	log_line(b->log, LOG_STEP, "not by multicast: %s; by unicast, then", why ? why : "nobody listens on the port");
	return MULTICAST_UNICAST;
}

static enum multicast_end fetch_by_mtftp(struct boot *b, const struct pxe_mtftp *how)
{
	struct platform *p = b->platform;
	struct net *net = &b->attachment->net;
	struct multicast *m = &b->multicast;
	enum multicast_end end;
	bool go_on;

	if (net_is_open(net, how->client_port) || !net_open_port(net, how->client_port))
		return end_of(b, true, false, "the port of MTFTP's clients is another protocol's");
	if (!igmp_join(&m->group, net, boot_now(b), how->ip, random_next(&b->random))) {
		net_close_port(net, how->client_port);
		return end_of(b, true, false, "the card cannot be told to hear the group");
	}
	log_line(b->log, LOG_STEP, "listening for %s in the group %s", b->plan.file, ip_text(how->ip).s);
	mtftp_init(&m->mtftp, b->plan.tftp_server, how, b->plan.file, p->program, p->program_bytes_max, b->log,
	           boot_now(b), random_next(&b->random));
	m->has_mtftp = true;
	go_on = wait_for_file(b, &(struct flow){ b->plan.tftp_server, m->mtftp.port, how->server_port });
	b->program_bytes = m->mtftp.blocks.bytes;
	end = end_of(b, go_on, mtftp_status(&m->mtftp) == MTFTP_DONE, m->mtftp.why);
	net_close_port(net, how->client_port);
	return end;
}

static enum multicast_end fetch_by_tftp(struct boot *b, uint16_t block_size)
{
	struct platform *p = b->platform;
	struct net *net = &b->attachment->net;
	struct multicast *m = &b->multicast;
	enum multicast_end end;
	bool go_on;

	tftp_multicast_init(&m->tftp, b->plan.tftp_server, b->plan.file, p->program, p->program_bytes_max, block_size,
	                    b->log, boot_now(b), random_next(&b->random));
	if (!net_open_port(net, m->tftp.port))
		return MULTICAST_UNICAST;
	m->has_tftp       = true;
	m->has_group_port = false;
	go_on = wait_for_file(b, &(struct flow){ b->plan.tftp_server, m->tftp.port, TFTP_SERVER_PORT });
	b->program_bytes = m->tftp.blocks.bytes;
	end = end_of(b, go_on, tftp_multicast_status(&m->tftp) == TFTP_MULTICAST_DONE, m->tftp.why);
	if (m->has_group_port)
		net_close_port(net, m->tftp.group_port);
	net_close_port(net, m->tftp.port);
	return end;
}

enum multicast_end multicast_fetch(struct boot *b, uint16_t block_size)
{
	struct pxe_option o;

	if (b->lease.is_pxe && pxe_parse(rd_over(b->lease.vendor, b->lease.vendor_len), &o)
	    && mtftp_is_offered(&o.mtftp))
		return fetch_by_mtftp(b, &o.mtftp);
	return b->config.multicast ? fetch_by_tftp(b, block_size) : MULTICAST_UNICAST;
}
