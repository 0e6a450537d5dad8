/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/dhcp.h"
#include "netstack/dhcp_lease.h"
#include "netstack/dhcp_message.h"
#include "netstack/dhcp_offer.h"
#include "netstack/dhcp_renewal.h"
#include "lib/fmt.h"

enum {
	DISCOVER_SPREAD = 1 * USEC_PER_S,       /* RFC 2131 4.1: one second up or down */
	REQUEST_SPREAD  = USEC_PER_S / 4,
	PROXY_WAIT_MS   = 2000,                 /* for boot data, once there is an address */
	DECLINE_PAUSE   = 10 * USEC_PER_S,      /* RFC 2131 3.1.5 */
	NAK_PAUSE       = 1 * USEC_PER_S,
	NAKS_MAX        = 3,
};

static const uint8_t discover_wait_s[] = { 4, 8, 16, 32 }, request_wait_s[] = { 1, 2, 3, 4 };

static void start_over(struct dhcp *d, usec now)
{
	d->state     = DHCP_DISCOVERING;
	d->status    = DHCP_WORKING;
	d->xid       = random_u32(&d->random);
	d->sends     = 0;
	d->started   = d->due = now;
	d->decide_at = NEVER;
	d->offer_count = d->proxy_count = 0;
}

void dhcp_init(struct dhcp *d, const struct dhcp_identity *who, struct log *log, usec now, uint64_t seed)
{
	memset(d, 0, sizeof *d);
	d->who     = *who;
	d->log     = log;
	d->random  = random_from(seed);
	d->last_packet = "none";
	start_over(d, now);
	if (who->start_spread_ms)
		d->started = d->due = now + (usec)random_below(&d->random, who->start_spread_ms) * USEC_PER_MS;
}

void dhcp_resume(struct dhcp *d, const struct dhcp_identity *who, struct log *log, const struct dhcp_lease *lease,
                 usec now, uint64_t seed)
{
	dhcp_init(d, who, log, now, seed);
	d->lease    = *lease;
	d->asked_at = lease->bound_at;
	d->clings   = true;
	dhcp_renewal_begin(d);
}

static void end(struct dhcp *d, enum dhcp_status status, enum dhcp_failure failure)
{
	d->state   = DHCP_ENDED;
	d->status  = status;
	d->failure = failure;
	d->due = d->decide_at = NEVER;
}

/* ---- choosing ---- */

static void bind(struct dhcp *d)
{
	d->lease = d->incoming.lease;
	dhcp_lease_complete(&d->lease, &d->offers[d->chosen].lease);
	dhcp_offer_merge_proxy(d, &d->lease);
	dhcp_renewal_begin(d);
}

static void log_choice(struct dhcp *d)
{
	const struct dhcp_offer *chosen = &d->offers[d->chosen], *proxy = dhcp_offer_best_proxy(d);

	for (unsigned i = 0; i < d->offer_count; i++) {
		const struct dhcp_offer *o = &d->offers[i];
		const char *what = o == chosen ? "take" : o == proxy ? "add" : "leave";

		log_line(d->log, LOG_INFO, "dhcp: %s the offer of %s (rank %u)", what, ip_text(o->lease.server).s,
		         o->rank);
	}
}

static void choose(struct dhcp *d, usec now, struct dhcp_offer *o)
{
	d->decide_at = NEVER;
	d->chosen = (unsigned)(o - d->offers);
	log_choice(d);
	d->sends = 0;
	d->due   = now;
	d->state = DHCP_REQUESTING;
	if (o->is_bootp) {              /* nothing to request: the answer is the lease */
		d->asked_at = now;
		d->incoming = *o;
		bind(d);
	}
}

/* Nobody answered in time, or the time to wait for better offers is over. */
static void decide(struct dhcp *d, usec now)
{
	struct dhcp_offer *best = dhcp_offer_best(d);

	if (best)
		choose(d, now, best);
	else
		end(d, DHCP_FAILED, d->proxy_count ? DHCP_PROXY_ONLY : DHCP_NO_OFFER);
}

/* The chosen server does not answer any more: the next best, if there is one. */
static void give_up_request(struct dhcp *d, usec now)
{
	struct dhcp_offer *o = &d->offers[d->chosen];

	o->rank     = DHCP_RANK_UNUSABLE;
	o->unusable = "its request was not answered";
	o = dhcp_offer_best(d);
	if (o)
		choose(d, now, o);
	else
		end(d, DHCP_FAILED, DHCP_NO_ACK);
}

/* ---- receiving ---- */

static usec proxy_wait(const struct dhcp *d)
{
	return (usec)(d->who.proxy_wait_ms ? d->who.proxy_wait_ms : PROXY_WAIT_MS) * USEC_PER_MS;
}

static void rx_offer(struct dhcp *d, usec now)
{
	struct dhcp_offer *best;

	dhcp_offer_keep(d);
	best = dhcp_offer_best(d);
	if (!best)
		return;
	if (dhcp_offer_is_complete(d, best))
		choose(d, now, best);
	else
		d->decide_at = min_u64(d->decide_at, now + proxy_wait(d));
}

static void rx_refusal(struct dhcp *d, usec now)
{
	if (++d->naks >= NAKS_MAX) {
		end(d, DHCP_FAILED, DHCP_NAKED);
		return;
	}
	d->state = DHCP_PAUSING;
	d->due   = d->naks == 1 ? now : now + NAK_PAUSE;
}

static void rx_ack(struct dhcp *d, usec now)
{
	if (d->state != DHCP_REQUESTING)
		dhcp_renewal_ack(d, now);
	else if (dhcp_lease_is_host(d->incoming.lease.address.ip))
		bind(d);
	else
		d->ignored++;
}

static void rx_nak(struct dhcp *d, usec now)
{
	if (d->state != DHCP_REQUESTING)
		dhcp_renewal_nak(d, now);
	else
		rx_refusal(d, now);
}

static bool is_from_chosen(const struct dhcp *d)
{
	const struct dhcp_lease *asked = d->state == DHCP_REQUESTING ? &d->offers[d->chosen].lease : &d->lease;

	return d->state == DHCP_REBINDING || d->incoming.lease.server == asked->server;
}

static const char *name_of(enum dhcp_type type)
{
	switch (type) {
	case DHCP_BOOTP: return "BOOTP reply";
	case DHCP_OFFER: return "DHCPOFFER";
	case DHCP_ACK:   return "DHCPACK";
	case DHCP_NAK:   return "DHCPNAK";
	default:         return "unexpected DHCP message";
	}
}

/* False: nobody waits for it now. */
static bool take(struct dhcp *d, usec now, enum dhcp_type type)
{
	bool is_proxy = type == DHCP_OFFER && d->incoming.lease.address.ip == 0;

	switch (d->state) {
	case DHCP_DISCOVERING:
		if (!d->sends || (type != DHCP_OFFER && type != DHCP_BOOTP))
			return false;
		rx_offer(d, now);
		return true;
	case DHCP_REQUESTING:
		if (is_proxy) {         /* just in time for the ACK */
			dhcp_offer_keep(d);
			return true;
		}
		break;
	case DHCP_RENEWING:
	case DHCP_REBINDING:
		break;
	case DHCP_HOLDING:
	case DHCP_PAUSING:
	case DHCP_ENDED:
		return false;
	}
	if ((type != DHCP_ACK && type != DHCP_NAK) || !is_from_chosen(d))
		return false;
	if (type == DHCP_ACK)
		rx_ack(d, now);
	else
		rx_nak(d, now);
	return true;
}

void dhcp_rx(struct dhcp *d, usec now, const struct datagram *in)
{
	struct dhcp_packet p;

	d->took = false;
	if (!dhcp_parse(in->payload, &p)) {
		d->malformed++;
		return;
	}
	if (p.xid != d->xid || memcmp(p.mac, d->who.mac, sizeof p.mac) != 0) {
		d->foreign++;
		return;
	}
	d->last_packet = name_of(p.type);
	memset(&d->incoming, 0, sizeof d->incoming);
	d->incoming.kind     = dhcp_lease_read(&d->incoming.lease, &p, in->src_ip);
	d->incoming.is_bootp = p.type == DHCP_BOOTP;
	d->took = take(d, now, p.type);
	d->ignored += !d->took;
}

/* ---- sending ---- */

static enum dhcp_type discover(struct dhcp *d, usec now)
{
	if (now >= d->decide_at) {
		decide(d, now);
		return DHCP_BOOTP;
	}
	if (now < d->due)
		return DHCP_BOOTP;
	if (d->sends == COUNT_OF(discover_wait_s)) {
		decide(d, now);
		return DHCP_BOOTP;
	}
	d->due = now + random_around(&d->random, discover_wait_s[d->sends] * USEC_PER_S, DISCOVER_SPREAD);
	d->sends++;
	return DHCP_DISCOVER;
}

static enum dhcp_type request(struct dhcp *d, usec now)
{
	if (now < d->due)
		return DHCP_BOOTP;
	if (d->sends == COUNT_OF(request_wait_s))
		give_up_request(d, now);
	if (d->state != DHCP_REQUESTING)
		return DHCP_BOOTP;
	d->due = now + random_around(&d->random, request_wait_s[d->sends] * USEC_PER_S, REQUEST_SPREAD);
	d->sends++;
	return DHCP_REQUEST;
}

static enum dhcp_type part(struct dhcp *d)
{
	enum dhcp_type type = d->parting;

	d->parting = DHCP_BOOTP;
	if (type == DHCP_RELEASE)
		end(d, DHCP_LOST, DHCP_NO_FAILURE);
	return type;
}

/* What there is to say in this state, which may be over with it; DHCP_BOOTP: nothing. */
static enum dhcp_type say(struct dhcp *d, usec now)
{
	switch (d->state) {
	case DHCP_PAUSING:
		if (now >= d->due)
			start_over(d, now);
		return DHCP_BOOTP;
	case DHCP_DISCOVERING: return discover(d, now);
	case DHCP_REQUESTING:  return request(d, now);
	case DHCP_HOLDING:
	case DHCP_RENEWING:
	case DHCP_REBINDING:   return dhcp_renewal_ask(d, now);
	case DHCP_ENDED:       break;
	}
	return DHCP_BOOTP;
}

/* Each state hands on to the next, and that waits, or says something, or is the end: so this ends. */
bool dhcp_tx(struct dhcp *d, usec now, struct wr *w, struct flow *flow)
{
	enum dhcp_type type = part(d);
	enum dhcp_state state;

	if (type == DHCP_BOOTP)
		do {
			state = d->state;
			type  = say(d, now);
		} while (type == DHCP_BOOTP && d->state != state);
	if (type != DHCP_BOOTP)
		dhcp_message_write(d, now, type, w, flow);
	return type != DHCP_BOOTP;
}

usec dhcp_wake_at(const struct dhcp *d)
{
	if (d->parting != DHCP_BOOTP)
		return 0;
	return min_u64(d->due, d->state == DHCP_DISCOVERING ? d->decide_at : NEVER);
}

enum dhcp_status dhcp_status(const struct dhcp *d) { return d->status; }

void dhcp_decline(struct dhcp *d, usec now)
{
	d->parting = DHCP_DECLINE;
	d->state   = DHCP_PAUSING;
	d->status  = DHCP_WORKING;
	d->due     = now + DECLINE_PAUSE;
}

void dhcp_release(struct dhcp *d, usec now)
{
	if (d->status != DHCP_BOUND)
		return;
	d->xid     = random_u32(&d->random);
	d->parting = DHCP_RELEASE;
	d->due     = now;
}
