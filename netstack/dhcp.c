/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/dhcp.h"
#include "lib/fmt.h"
#include "netstack/dhcp_lease.h"
#include "netstack/dhcp_offer.h"

enum {
	DISCOVER_SPREAD = 1 * USEC_PER_S,       /* RFC 2131 4.1: one second up or down */
	REQUEST_SPREAD  = USEC_PER_S / 4,
	PROXY_WAIT      = 2 * USEC_PER_S,       /* for boot data, once there is an address */
	DECLINE_PAUSE   = 10 * USEC_PER_S,      /* RFC 2131 3.1.5 */
	NAK_PAUSE       = 1 * USEC_PER_S,
	NAKS_MAX        = 3,
	RENEW_WAIT_MAX  = 60 * USEC_PER_S,      /* RFC 2131 4.4.5: the least wait of a long lease */
	RENEW_WAIT_MIN  = 1 * USEC_PER_S,
};

static const uint8_t discover_wait_s[] = { 4, 8, 16, 32 }, request_wait_s[] = { 1, 2, 3, 4 };

static void log_state(struct dhcp *d, const char *text, uint32_t ip)
{
	log_line(d->log, LOG_INFO, "dhcp: %s %s", text, ip_text(ip).s);
}

static void start_over(struct dhcp *d, usec now)
{
	d->state     = DHCP_DISCOVERING;
	d->status    = DHCP_WORKING;
	d->xid       = random_u32(&d->random);
	d->sends     = 0;
	d->due       = now;
	d->decide_at = NEVER;
	d->offer_count = d->proxy_count = 0;
}

void dhcp_init(struct dhcp *d, const struct dhcp_identity *who, struct log *log, usec now, uint64_t seed)
{
	memset(d, 0, sizeof *d);
	d->who     = *who;
	d->log     = log;
	d->random  = random_from(seed);
	d->started = now;
	d->last_packet = "none";
	start_over(d, now);
}

static void end(struct dhcp *d, enum dhcp_status status, enum dhcp_failure failure)
{
	d->state   = DHCP_ENDED;
	d->status  = status;
	d->failure = failure;
	d->due = d->decide_at = NEVER;
}

/* ---- the lease ---- */

static usec after(const struct dhcp *d, uint32_t seconds)
{
	return d->lease.bound_at + (usec)seconds * USEC_PER_S;
}

static void hold(struct dhcp *d)
{
	d->lease.bound_at = d->asked_at;
	d->state     = DHCP_HOLDING;
	d->status    = DHCP_BOUND;
	d->failure   = DHCP_NO_FAILURE;
	d->naks      = 0;
	d->due       = after(d, d->lease.t1_s);
	d->decide_at = NEVER;
	log_state(d, "bound to", d->lease.address.ip);
}

void dhcp_resume(struct dhcp *d, const struct dhcp_identity *who, struct log *log, const struct dhcp_lease *lease,
                 usec now, uint64_t seed)
{
	dhcp_init(d, who, log, now, seed);
	d->lease    = *lease;
	d->asked_at = lease->bound_at;
	d->clings   = true;
	hold(d);
}

/* How long to wait for an answer of any server: longer with each question, not longer than a minute. */
static usec rebinding_wait(struct dhcp *d, unsigned sends)
{
	if (sends >= COUNT_OF(discover_wait_s))
		return RENEW_WAIT_MAX;
	return random_around(&d->random, discover_wait_s[sends] * USEC_PER_S, DISCOVER_SPREAD);
}

/* The end, or, for who cannot do without the address, the beginning of asking for it again. */
static void lose(struct dhcp *d, enum dhcp_failure failure, usec again_at)
{
	if (!d->clings) {
		end(d, DHCP_LOST, failure);
		return;
	}
	if (d->status == DHCP_LOST)
		return;                 /* it is being asked for */
	d->status  = DHCP_LOST;
	d->failure = failure;
	d->state   = DHCP_REBINDING;
	d->xid     = random_u32(&d->random);
	d->sends   = 0;
	d->due     = again_at;
}

/* What an ACK leaves out, the offer said: some servers answer in full only once. */
static void complete_from_offer(struct dhcp_lease *l, const struct dhcp_lease *offer)
{
	dhcp_lease_merge_boot_data(l, offer);
	if (!l->root_path[0])
		memcpy(l->root_path, offer->root_path, sizeof l->root_path);
	if (l->address.route_count == 0 && l->address.ip == offer->address.ip) {
		l->address = offer->address;
		l->router  = offer->router;
	}
}

static void bind(struct dhcp *d)
{
	const struct dhcp_lease *offer = &d->offers[d->chosen].lease;

	d->lease = d->incoming.lease;
	complete_from_offer(&d->lease, offer);
	dhcp_offer_merge_proxy(d, &d->lease);
	hold(d);
}

/* The boot's data stay as they were: a renewal brings time, and perhaps routes. */
static void renew(struct dhcp *d)
{
	struct dhcp_lease *l = &d->lease;
	const struct dhcp_lease *new = &d->incoming.lease;

	l->lease_s = new->lease_s;
	l->t1_s    = new->t1_s;
	l->t2_s    = new->t2_s;
	l->server  = new->server;
	if (new->address.route_count) {
		l->address = new->address;
		l->router  = new->router;
	}
	hold(d);
}

/* ---- choosing ---- */

static void choose(struct dhcp *d, usec now, struct dhcp_offer *o)
{
	d->decide_at = NEVER;
	d->chosen = (unsigned)(o - d->offers);
	for (unsigned i = 0; i < d->offer_count; i++)
		log_line(d->log, LOG_INFO, "dhcp: %s the offer of %s (rank %u)", i == d->chosen ? "take" : "leave",
		         ip_text(d->offers[i].lease.server).s, d->offers[i].rank);
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
		d->decide_at = min_u64(d->decide_at, now + PROXY_WAIT);
}

static void rx_nak(struct dhcp *d, usec now)
{
	if (d->state != DHCP_REQUESTING) {
		log_state(d, "the server takes back", d->lease.address.ip);
		lose(d, DHCP_NAKED, now + rebinding_wait(d, 0));
		return;
	}
	if (++d->naks >= NAKS_MAX) {
		end(d, DHCP_FAILED, DHCP_NAKED);
		return;
	}
	d->state = DHCP_PAUSING;
	d->due   = d->naks == 1 ? now : now + NAK_PAUSE;
}

static void rx_ack(struct dhcp *d, usec now)
{
	if (d->incoming.lease.address.ip == 0) {
		d->ignored++;
	} else if (d->state == DHCP_REQUESTING) {
		bind(d);
	} else if (d->incoming.lease.address.ip == d->lease.address.ip) {
		renew(d);
	} else {
		d->ignored++;           /* another address cannot be a renewal of ours */
		if (d->clings)
			lose(d, DHCP_NAKED, now + rebinding_wait(d, 0));
	}
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

	switch (d->state) {
	case DHCP_DISCOVERING:
		d->took = d->sends && (p.type == DHCP_OFFER || p.type == DHCP_BOOTP);
		if (d->took)
			rx_offer(d, now);
		break;
	case DHCP_REQUESTING:
	case DHCP_RENEWING:
	case DHCP_REBINDING:
		d->took = (p.type == DHCP_ACK || p.type == DHCP_NAK) && is_from_chosen(d);
		if (d->took && p.type == DHCP_ACK)
			rx_ack(d, now);
		else if (d->took)
			rx_nak(d, now);
		break;
	case DHCP_HOLDING:
	case DHCP_PAUSING:
	case DHCP_ENDED:
		break;
	}
	d->ignored += !d->took;
}

/* ---- sending ---- */

/* RFC 2131's secs: a division of 64 bits would need a library on i386, and 18 hours are enough. */
static uint16_t secs_since(usec start, usec now)
{
	usec passed = (now - start) >> 6;
	uint32_t seconds = passed > UINT32_MAX ? UINT16_MAX : (uint32_t)passed / (USEC_PER_S >> 6);

	return seconds > UINT16_MAX ? UINT16_MAX : (uint16_t)seconds;
}

static void say(struct dhcp *d, usec now, struct wr *w, struct flow *flow, enum dhcp_type type)
{
	struct dhcp_question q = {
		.type = type, .xid = d->xid, .secs = secs_since(d->started, now), .broadcast = true,
		.architecture = d->who.architecture, .undi_major = d->who.undi_major, .undi_minor = d->who.undi_minor,
		.user_class = "Rill",
	};

	memcpy(q.mac, d->who.mac, sizeof q.mac);
	memcpy(q.uuid, d->who.uuid, sizeof q.uuid);
	*flow = (struct flow){ .dst_ip = IP_BROADCAST, .src_port = DHCP_CLIENT_PORT, .dst_port = DHCP_SERVER_PORT };
	if (d->state == DHCP_REQUESTING) {
		q.requested_ip = d->offers[d->chosen].lease.address.ip;
		q.server_id    = d->offers[d->chosen].lease.server;
	}
	if (d->state == DHCP_RENEWING || d->state == DHCP_REBINDING || type == DHCP_RELEASE) {
		q.client_ip = d->lease.address.ip;
		q.broadcast = false;
	}
	if (type == DHCP_DECLINE) {
		q.requested_ip = d->lease.address.ip;
		q.broadcast    = false;
	}
	if (type == DHCP_DECLINE || type == DHCP_RELEASE)
		q.server_id = d->lease.server;
	if (d->state == DHCP_RENEWING || type == DHCP_RELEASE)
		flow->dst_ip = d->lease.server;
	dhcp_emit(w, &q);
	d->asked_at = now;
	d->sent++;
}

static bool tx_discover(struct dhcp *d, usec now, struct wr *w, struct flow *flow)
{
	if (now >= d->decide_at) {
		decide(d, now);
		return dhcp_tx(d, now, w, flow);
	}
	if (now < d->due)
		return false;
	if (d->sends == COUNT_OF(discover_wait_s)) {
		decide(d, now);
		return dhcp_tx(d, now, w, flow);
	}
	d->due = now + random_around(&d->random, discover_wait_s[d->sends] * USEC_PER_S, DISCOVER_SPREAD);
	d->sends++;
	say(d, now, w, flow, DHCP_DISCOVER);
	return true;
}

static bool tx_request(struct dhcp *d, usec now, struct wr *w, struct flow *flow)
{
	if (now < d->due)
		return false;
	if (d->sends == COUNT_OF(request_wait_s)) {
		give_up_request(d, now);
		return dhcp_tx(d, now, w, flow);
	}
	d->due = now + random_around(&d->random, request_wait_s[d->sends] * USEC_PER_S, REQUEST_SPREAD);
	d->sends++;
	say(d, now, w, flow, DHCP_REQUEST);
	return true;
}

/*
 * Half of what is left, but not less than a minute (RFC 2131 4.4.5); with short leases not less than a
 * sixteenth of the lease, so that one lost packet does not cost the lease.
 */
static usec renewal_wait(const struct dhcp *d, usec left)
{
	usec least = ((usec)d->lease.lease_s * USEC_PER_S) >> 4;

	least = max_u64(min_u64(least, RENEW_WAIT_MAX), RENEW_WAIT_MIN);
	return min_u64(max_u64(left >> 1, least), left);
}

static bool tx_renewal(struct dhcp *d, usec now, struct wr *w, struct flow *flow)
{
	usec t2 = after(d, d->lease.t2_s), expiry = after(d, d->lease.lease_s);

	if (now < d->due)
		return false;
	if (d->status == DHCP_LOST) {
		d->due = now + rebinding_wait(d, d->sends++);
		say(d, now, w, flow, DHCP_REQUEST);
		return true;
	}
	if (now >= expiry) {
		log_state(d, "the lease ran out:", d->lease.address.ip);
		lose(d, DHCP_NO_ACK, now);
		return dhcp_tx(d, now, w, flow);
	}
	if (d->state == DHCP_HOLDING)
		d->xid = random_u32(&d->random);
	d->state = now >= t2 ? DHCP_REBINDING : DHCP_RENEWING;
	d->due   = now + renewal_wait(d, (now >= t2 ? expiry : t2) - now);
	say(d, now, w, flow, DHCP_REQUEST);
	return true;
}

static bool tx_parting(struct dhcp *d, usec now, struct wr *w, struct flow *flow)
{
	enum dhcp_type type = d->parting;

	d->parting = DHCP_BOOTP;
	say(d, now, w, flow, type);
	if (type == DHCP_RELEASE)
		end(d, DHCP_LOST, DHCP_NO_FAILURE);
	return true;
}

bool dhcp_tx(struct dhcp *d, usec now, struct wr *w, struct flow *flow)
{
	if (d->parting != DHCP_BOOTP)
		return tx_parting(d, now, w, flow);
	switch (d->state) {
	case DHCP_PAUSING:
		if (now < d->due)
			return false;
		start_over(d, now);
		return tx_discover(d, now, w, flow);
	case DHCP_DISCOVERING: return tx_discover(d, now, w, flow);
	case DHCP_REQUESTING:  return tx_request(d, now, w, flow);
	case DHCP_HOLDING:
	case DHCP_RENEWING:
	case DHCP_REBINDING:   return tx_renewal(d, now, w, flow);
	case DHCP_ENDED:       break;
	}
	return false;
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
