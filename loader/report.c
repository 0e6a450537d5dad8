/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "lib/fmt.h"
#include "loader/boot.h"
#include "loader/steps.h"

enum { FILE_SHOWN = 40 };

/* ---- to screen, serial port and log server at once ---- */

static void put(struct log *log, char c)
{
	struct report *r = (struct report *)log;

	r->screen->put_char(r->screen, c);
	if (c != '\n') {
		if (r->used < SYSLOG_LINE_MAX)
			r->line[r->used++] = c;
		return;
	}
	r->line[r->used] = 0;
	r->used = 0;
	syslog_line(&r->syslog, r->line);
}

static void begin(struct boot *b, const char *code)
{
	struct attachment *a = b->attachment;
	struct report *r = &b->report;

	r->log    = (struct log){ .put_char = put, .verbosity = LOG_ERROR };
	r->screen = b->log;
	r->used   = 0;
	syslog_begin(&r->syslog, a->net.address.ip ? b->lease.log_server : 0, a->net.nic->mac, code);
}

usec report_wake_at(const struct boot *b)
{
	const struct attachment *a = b->attachment;

	return a->net.address.ip && !a->lost ? syslog_wake_at(&b->report.syslog) : NEVER;
}

void report_tx(struct boot *b, usec now)
{
	struct attachment *a = b->attachment;
	struct wr w = net_payload(&a->net);
	const uint8_t *start = w.at;
	struct flow flow;

	if (report_wake_at(b) == NEVER || !attachment_can_send(a))
		return;
	if (syslog_tx(&b->report.syslog, now, &w, &flow) && wr_ok(&w))
		attachment_send(a, now, &flow, wr_used(&w, start));
}

/* ---- counters that are not zero, in words ---- */

static void explain(struct boot *b, uint32_t count, const char *text)
{
	if (count)
		log_line(&b->report.log, LOG_ERROR, "  %u %s", count, text);
}

/* What is normal on a shared cable (others' frames, broadcasts for ports that nobody here has) is left out. */
static void explain_network(struct boot *b)
{
	const struct net_counters *n = &b->attachment->net.dropped;

	explain(b, n->short_frame, "frames were too short to be frames");
	explain(b, n->arp_malformed + n->ip_malformed + n->udp_malformed + n->icmp_malformed, "packets were malformed");
	explain(b, n->ip_checksum + n->udp_checksum + n->icmp_checksum,
	        "packets had a wrong checksum: a bad cable, switch or card");
	explain(b, n->ip_fragment, "packets came in fragments, which are not taken: look for a smaller MTU on the way");
	explain(b, n->arp_gave_up, "times nobody answered an ARP question");
	explain(b, n->card_busy, "times the card took no frame");
}

static void explain_stream(struct boot *b)
{
	const struct attachment *a = b->attachment;
	const struct stream_counters *s = &a->stream.counters;

	if (!a->is_open)
		return;
	explain(b, s->requests_again, "requests were sent again");
	explain(b, s->dropped_check, "answers had a wrong check: a bad cable, switch or card, or another disk's data");
	explain(b, s->dropped_malformed, "answers were malformed");
	explain(b, s->io_errors, "times the server could not read its image");
	explain(b, s->failovers, "times a silent server was left for another");
}

/* ---- the offers ---- */

/* What an offer of this rank has to offer, for the reader of a screen that compares two. */
static const char *rank_text(unsigned rank)
{
	static const char *const texts[] = {
		[DHCP_RANK_UNUSABLE]     = "nothing",
		[DHCP_RANK_PXE]          = "PXE, with boot servers or a menu",
		[DHCP_RANK_MTFTP]        = "PXE, with multicast TFTP",
		[DHCP_RANK_PROXY_PXE]    = "an address, and a proxy beside it has boot servers or a menu",
		[DHCP_RANK_PROXY_MTFTP]  = "an address, and a proxy beside it has multicast TFTP",
		[DHCP_RANK_BINL]         = "PXE, to be asked on port 4011",
		[DHCP_RANK_PROXY_BINL]   = "an address, and a proxy beside it is to be asked on port 4011",
		[DHCP_RANK_FILE]         = "an address and what to boot",
		[DHCP_RANK_BOOTP]        = "BOOTP, with what to boot",
		[DHCP_RANK_ADDRESS_ONLY] = "an address and nothing to boot",
	};

	return rank < COUNT_OF(texts) ? texts[rank] : texts[DHCP_RANK_UNUSABLE];
}

/* The offer that was taken; NULL: none was. */
static const struct dhcp_offer *taken(const struct dhcp *d)
{
	if (d->state == DHCP_DISCOVERING || d->failure == DHCP_NO_OFFER || d->failure == DHCP_PROXY_ONLY)
		return NULL;
	return d->chosen < d->offer_count ? &d->offers[d->chosen] : NULL;
}

static bool needs_proxy(const struct dhcp_offer *o)
{
	return o->rank == DHCP_RANK_PROXY_PXE || o->rank == DHCP_RANK_PROXY_MTFTP || o->rank == DHCP_RANK_PROXY_BINL;
}

/* Compared with the one that was taken; what is less says what it is. */
static const char *why(const struct dhcp_offer *o, const struct dhcp_offer *chosen)
{
	bool is_proxy = o->lease.address.ip == 0;

	if (o->unusable)
		return o->unusable;
	if (o == chosen)
		return "taken";
	if (!chosen)
		return is_proxy ? "a proxy's, and no address came to go with it" : "not taken yet";
	if (is_proxy)
		return needs_proxy(chosen) ? "a proxy's, joined to the offer that was taken"
		     : "a proxy's, not needed: the offer that was taken says what to boot";
	return o->rank > chosen->rank ? rank_text(o->rank) : "no better, and later";
}

static void explain_offer(struct boot *b, const struct dhcp_offer *o, const struct dhcp_offer *chosen)
{
	const struct dhcp_lease *l = &o->lease;
	bool is_less = chosen && !o->unusable && l->address.ip && o->rank > chosen->rank;
	char file[FILE_SHOWN];

	fmt_text(file, sizeof file, "%s", l->boot_file);
	log_line(&b->report.log, LOG_ERROR, "  offer of %s: %s%s%s; %s%s", ip_text(l->server).s,
	         l->address.ip ? ip_text(l->address.ip).s : "no address", file[0] ? ", boot file " : "", file,
	         is_less ? "less: " : "", why(o, chosen));
}

static void explain_dhcp(struct boot *b)
{
	const struct dhcp *d = &b->attachment->dhcp;

	if (b->failed_step > STEP_PLAN || !b->attachment->has_dhcp)
		return;
	for (unsigned i = 0; i < d->offer_count && i < REPORT_OFFERS; i++)
		explain_offer(b, &d->offers[i], taken(d));
	if (d->offer_count > REPORT_OFFERS)
		explain(b, d->offer_count - REPORT_OFFERS, "more offers came");
	explain(b, d->malformed, "DHCP packets were malformed");
	explain(b, d->foreign, "DHCP packets were for another machine");
	explain(b, d->ignored, "DHCP packets could not be used");
}

/* ---- the whole ---- */

static void write_verdict(struct boot *b, const struct failure_text *f)
{
	struct log *to = &b->report.log;

	log_line(to, LOG_ERROR, "%s: %s", f->code, f->text);
	log_line(to, LOG_ERROR, "  %s", b->detail);
	log_line(to, LOG_ERROR, "  while: %s (step %s)", boot_step_doing(b->failed_step),
	         boot_step_name(b->failed_step));
	if (b->heard.from)
		log_line(to, LOG_ERROR, "  last packet: %s from %s", b->heard.what, ip_text(b->heard.from).s);
	else
		log_line(to, LOG_ERROR, "  last packet: none");
	log_line(to, LOG_ERROR, "  to do: %s", f->hint);
}

void report_write(struct boot *b)
{
	const struct failure_text *f = failure_text(b->failure);

	begin(b, f->code);
	if (b->failure != FAILURE_CANCELLED && !b->packets.is_shown)
		packet_log_show(&b->packets, &b->report.log, REPORT_PACKETS);
	write_verdict(b, f);
	explain_dhcp(b);
	explain_network(b);
	explain_stream(b);
}
