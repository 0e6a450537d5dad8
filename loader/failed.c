/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What went wrong, in words; then the policy: again for ever, with a countdown, or the machine back. */
#include "lib/fmt.h"
#include "loader/steps.h"

static void explain(struct boot *b, uint32_t count, const char *text)
{
	if (count)
		log_line(b->log, LOG_ERROR, "  %u %s", count, text);
}

/* The counters that are not zero. What is normal on a shared cable (others' frames) is left out. */
static void explain_network(struct boot *b)
{
	const struct net_counters *n = &b->attachment->net.dropped;

	explain(b, n->short_frame, "frames were too short to be frames");
	explain(b, n->arp_malformed + n->ip_malformed + n->udp_malformed, "packets were malformed");
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

static void explain_dhcp(struct boot *b)
{
	const struct dhcp *d = &b->attachment->dhcp;

	if (b->failed_step > STEP_PLAN || !b->attachment->has_dhcp)
		return;
	explain(b, d->malformed, "DHCP packets were malformed");
	explain(b, d->foreign, "DHCP packets were for another machine");
	explain(b, d->ignored, "DHCP packets could not be used");
	for (unsigned i = 0; i < d->offer_count; i++)
		if (d->offers[i].unusable)
			log_line(b->log, LOG_ERROR, "  the offer of %s: %s", ip_text(d->offers[i].lease.server).s,
			         d->offers[i].unusable);
}

static void report(struct boot *b)
{
	const struct failure_text *f = failure_text(b->failure);

	log_line(b->log, LOG_ERROR, "%s: %s", f->code, f->text);
	log_line(b->log, LOG_ERROR, "  %s", b->detail);
	log_line(b->log, LOG_ERROR, "  while: %s (step %s)", boot_step_doing(b->failed_step),
	         boot_step_name(b->failed_step));
	if (b->heard.from)
		log_line(b->log, LOG_ERROR, "  last packet: %s from %s", b->heard.what, ip_text(b->heard.from).s);
	else
		log_line(b->log, LOG_ERROR, "  last packet: none");
	log_line(b->log, LOG_ERROR, "  to do: %s", f->hint);
	explain_dhcp(b);
	explain_network(b);
	explain_stream(b);
}

/* One line to the network's log server (option 7), for who looks after more machines than he can visit. */
static void tell_log_server(struct boot *b)
{
	enum { SYSLOG_PORT = 514, LOCAL0_ERROR = 16 * 8 + 3 };
	struct attachment *a = b->attachment;
	struct wr w = net_payload(&a->net);
	const uint8_t *start = w.at;
	struct flow flow = { .dst_ip = b->lease.log_server, .src_port = SYSLOG_PORT, .dst_port = SYSLOG_PORT };
	const struct failure_text *f = failure_text(b->failure);
	char line[BOOT_TEXT_MAX + 200];

	if (!flow.dst_ip || !a->net.address.ip || !attachment_can_send(a))
		return;
	fmt_text(line, sizeof line, "<%d>rill %s: %s: %s: %s (%s)", LOCAL0_ERROR, mac_text(a->net.nic->mac).s, f->code,
	         f->text, b->detail, boot_step_name(b->failed_step));
	wr_bytes(&w, line, strlen(line));
	if (wr_ok(&w))
		attachment_send(a, boot_now(b), &flow, wr_used(&w, start));
}

/* Whole seconds, rounded up, of at most some minutes. */
static unsigned seconds_up(usec t) { return ((unsigned)t + USEC_PER_S - 1) / USEC_PER_S; }

/* False: Esc. */
static bool count_down(struct boot *b)
{
	usec spread = b->wait / 4, until, now = boot_now(b);
	unsigned shown = 0;
	bool go_on = true;

	until   = now + b->wait + random_below(&b->random, (uint32_t)spread);
	b->wait = min_u64(b->wait * 2, RETRY_MOST);
	for (; go_on && now < until; now = boot_now(b)) {
		unsigned left = seconds_up(until - now);

		if (left != shown)
			log_text(b->log, LOG_ERROR, "\ragain in %u s, Esc gives the machine back  ", left);
		shown = left;
		go_on = boot_turn(b, min_u64(until, now + USEC_PER_S / 4));
	}
	log_line(b->log, LOG_ERROR, "%s", "");
	return go_on;
}

static enum step give_back(struct boot *b)
{
	struct platform *p = b->platform;
	struct attachment *a = b->attachment;
	usec until = boot_now(b) + RELEASE_PATIENCE;

	log_line(b->log, LOG_ERROR, "PXE-M0F: Exiting PXE ROM.");
	b->end = BOOT_GIVEN_BACK;
	a->keeps_lease = false;         /* or a new one would be asked for as soon as this one is gone */
	if (a->has_dhcp)
		dhcp_release(&a->dhcp, boot_now(b));
	/* The server's MAC address may have to be asked for first. */
	for (attachment_turn(a); !attachment_can_send(a) && boot_now(b) < until; attachment_turn(a))
		attachment_idle(a, until);
	p->give_back(p);
	return STEP_END;
}

enum step boot_give_back(struct boot *b) { return give_back(b); }

enum step step_failed(struct boot *b)
{
	struct platform *p = b->platform;

	b->has_login = b->has_tftp = false;
	report(b);
	attachment_close(b->attachment, b->detail);
	tell_log_server(b);
	p->detach(p);
	if (b->failure == FAILURE_CANCELLED)
		return give_back(b);
	b->end = BOOT_FAILED;
	if (b->once)
		return STEP_END;
	if (!count_down(b))
		return give_back(b);
	b->heard = (struct boot_heard){ .what = "none" };
	return STEP_LINK;
}
