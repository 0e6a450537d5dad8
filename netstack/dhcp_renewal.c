/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/dhcp_renewal.h"
#include "lib/fmt.h"
#include "netstack/dhcp_lease.h"

enum {
	ASK_AGAIN_SPREAD = 1 * USEC_PER_S,
	RENEW_WAIT_MAX   = 60 * USEC_PER_S,     /* RFC 2131 4.4.5: the least wait of a long lease */
	RENEW_WAIT_MIN   = 1 * USEC_PER_S,
};

static const uint8_t ask_again_s[] = { 4, 8, 16, 32, 60 };

static void log_lease(struct dhcp *d, const char *text)
{
	log_line(d->log, LOG_INFO, "dhcp: %s %s", text, ip_text(d->lease.address.ip).s);
}

static usec after(const struct dhcp *d, uint32_t seconds)
{
	return d->lease.bound_at + (usec)seconds * USEC_PER_S;
}

void dhcp_renewal_begin(struct dhcp *d)
{
	d->lease.bound_at = d->asked_at;
	d->state     = DHCP_HOLDING;
	d->status    = DHCP_BOUND;
	d->failure   = DHCP_NO_FAILURE;
	d->naks      = 0;
	d->due       = after(d, d->lease.t1_s);
	d->decide_at = NEVER;
	log_lease(d, "bound to");
}

/* How long to wait for an answer of any server: longer with each question, not longer than a minute. */
static usec ask_again_wait(struct dhcp *d, unsigned sends)
{
	size_t n = min_size(sends, COUNT_OF(ask_again_s) - 1);

	return random_around(&d->random, ask_again_s[n] * USEC_PER_S, ASK_AGAIN_SPREAD);
}

/* The end, or, for who cannot do without the address, the beginning of asking for it again. */
static void lose(struct dhcp *d, enum dhcp_failure failure, usec again_at)
{
	d->status  = DHCP_LOST;
	d->failure = failure;
	d->state   = d->clings ? DHCP_REBINDING : DHCP_ENDED;
	d->due     = d->clings ? again_at : NEVER;
	d->xid     = random_u32(&d->random);
	d->sends   = 0;
}

/*
 * Half of what is left, but not less than a minute (RFC 2131 4.4.5); with short leases not less than a
 * sixteenth of the lease, so that one lost packet does not cost the lease.
 */
static usec wait_within(const struct dhcp *d, usec left)
{
	usec least = ((usec)d->lease.lease_s * USEC_PER_S) >> 4;

	least = max_u64(min_u64(least, RENEW_WAIT_MAX), RENEW_WAIT_MIN);
	return min_u64(max_u64(left >> 1, least), left);
}

enum dhcp_type dhcp_renewal_ask(struct dhcp *d, usec now)
{
	usec t2 = after(d, d->lease.t2_s), expiry = after(d, d->lease.lease_s);

	if (now < d->due)
		return DHCP_BOOTP;
	if (d->state == DHCP_HOLDING) {         /* a conversation of its own, and secs are its seconds */
		d->xid     = random_u32(&d->random);
		d->started = now;
	}
	if (d->status == DHCP_BOUND && now >= expiry) {
		log_lease(d, "the lease ran out:");
		lose(d, DHCP_NO_ACK, now);
		if (d->state == DHCP_ENDED)
			return DHCP_BOOTP;
	}
	if (d->status == DHCP_LOST) {
		d->due = now + ask_again_wait(d, d->sends++);
		return DHCP_REQUEST;
	}
	d->state = now >= t2 ? DHCP_REBINDING : DHCP_RENEWING;
	d->due   = now + wait_within(d, (now >= t2 ? expiry : t2) - now);
	return DHCP_REQUEST;
}

/* The boot's data stay as they were: a renewal brings time, and perhaps routes. */
static void renew(struct dhcp *d)
{
	struct dhcp_lease *l = &d->lease;
	const struct dhcp_lease *new = &d->incoming.lease;

	l->server = new->server;
	dhcp_lease_take_times(l, new);
	if (new->address.route_count && dhcp_lease_saw(new, OPT_NETMASK)) {
		l->address = new->address;
		l->router  = new->router;
	}
	dhcp_renewal_begin(d);
}

static void taken_back(struct dhcp *d, usec now)
{
	log_lease(d, "the server takes back");
	if (d->status == DHCP_BOUND)    /* else it is being asked for already */
		lose(d, DHCP_NAKED, now + ask_again_wait(d, 0));
}

void dhcp_renewal_ack(struct dhcp *d, usec now)
{
	uint32_t ip = d->incoming.lease.address.ip;

	if (ip == d->lease.address.ip) {
		renew(d);
		return;
	}
	d->ignored++;                   /* another address cannot be a renewal of ours */
	if (d->clings && ip)
		taken_back(d, now);
}

void dhcp_renewal_nak(struct dhcp *d, usec now)
{
	taken_back(d, now);
}
