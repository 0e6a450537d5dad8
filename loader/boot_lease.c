/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The machine's address: DHCP's, or the one that the configuration gives it. Either is tried before it is used. */
#include "lib/fmt.h"
#include "loader/steps.h"

enum { ADDRESSES_MAX = 4 };

/* Two probes; true: nobody else uses it. *go_on false: Esc. */
static bool address_is_free(struct boot *b, uint32_t ip, bool *go_on)
{
	struct net *net = &b->attachment->net;
	usec until = boot_now(b);

	net->address_conflict = false;
	for (int probe = 0; probe < 2; probe++) {
		until += PROBE_APART;
		net_probe(net, boot_now(b), ip);
		while (*go_on && boot_now(b) < until && !net->address_conflict)
			*go_on = boot_turn(b, until);
	}
	return !net->address_conflict;
}

/* Anew, without an address. */
static void start_stack(struct boot *b)
{
	attachment_init(b->attachment, b->platform->port, &b->packets.nic);
	link_watch(b);
}

/* b->lease is good. */
static enum step use_lease(struct boot *b)
{
	struct attachment *a = b->attachment;

	if (b->config.log_server)
		b->lease.log_server = b->config.log_server;
	attachment_configure(a, &b->lease);
	link_rest(b);
	net_announce(&a->net, boot_now(b));
	return STEP_SERVER;
}

/* ---- the configuration's ---- */

static unsigned prefix_of(uint32_t mask)
{
	unsigned bits = 0;

	for (; mask & 0x80000000u; mask <<= 1)
		bits++;
	return bits;
}

/* What a DHCP server would have said that lends this address for ever, and nothing else. */
static void fill_lease(struct boot *b)
{
	const struct config_address *c = &b->config.address;
	struct dhcp_lease *l = &b->lease;

	memset(l, 0, sizeof *l);
	l->address.ip   = c->ip;
	l->address.mask = c->mask;
	if (c->router)
		l->address.routes[l->address.route_count++] = (struct route){ .via = c->router };
	l->router = c->router;
	memcpy(l->dns, b->config.dns, min_size(sizeof l->dns, sizeof b->config.dns));
	l->lease_s  = l->t1_s = l->t2_s = UINT32_MAX;
	l->bound_at = boot_now(b);
	b->attachment->dhcp.lease = *l;         /* the hand-over block tells the system what stands there */
}

static enum step static_address(struct boot *b)
{
	const struct config_address *c = &b->config.address;
	struct attachment *a = b->attachment;
	bool go_on = true, is_free;

	start_stack(b);
	is_free = address_is_free(b, c->ip, &go_on);
	if (!go_on)
		return boot_cancel(b);
	if (!is_free)
		return boot_fail(b, FAILURE_ADDRESS_TAKEN,
		                 "%s, which the configuration gives this machine, is used by %s",
		                 ip_text(c->ip).s, mac_text(a->net.conflict_mac).s);
	fill_lease(b);
	log_line(b->log, LOG_STEP, "address %s/%u from the configuration, router %s; DHCP is not asked",
	         ip_text(c->ip).s, prefix_of(c->mask), c->router ? ip_text(c->router).s : "none");
	return use_lease(b);
}

/* ---- DHCP's ---- */

static enum step lease_failed(struct boot *b)
{
	const struct dhcp *d = &b->attachment->dhcp;

	switch (d->failure) {
	case DHCP_PROXY_ONLY:
		return boot_fail(b, FAILURE_PROXY_ONLY, "%u proxy offers, no address", d->proxy_count);
	case DHCP_NO_ACK:
		return boot_fail(b, FAILURE_LEASE_REFUSED, "%u offers, no answer to the request", d->offer_count);
	case DHCP_NAKED:
		return boot_fail(b, FAILURE_LEASE_REFUSED, "%s", "the server took its offers back");
	case DHCP_NO_OFFER:
	case DHCP_NO_FAILURE:
		break;
	}
	return boot_fail(b, FAILURE_NO_OFFER, "%u packets sent from %s", d->sent, mac_text(d->who.mac).s);
}

/* What of the configuration concerns DHCP goes in here. */
static struct dhcp_identity identity_of(const struct boot *b, uint32_t spread_ms)
{
	const struct platform *p = b->platform;
	const struct config *c = &b->config;
	struct dhcp_identity who = {
		.architecture = p->architecture, .undi_major = p->undi_major, .undi_minor = p->undi_minor,
		.id_is_uuid = c->client_id == CONFIG_ID_UUID, .proxy_wait_ms = c->proxy_wait_ms,
		.start_spread_ms = spread_ms,
	};

	memcpy(who.mac, p->nic->mac, sizeof who.mac);
	memcpy(who.uuid, p->port->uuid, sizeof who.uuid);
	return who;
}

static void start_dhcp(struct boot *b, uint32_t spread_ms)
{
	struct attachment *a = b->attachment;
	struct dhcp_identity who = identity_of(b, spread_ms);

	start_stack(b);
	net_open_port(&a->net, DHCP_CLIENT_PORT);
	dhcp_init(&a->dhcp, &who, b->log, boot_now(b), random_next(&b->random));
	a->has_dhcp = true;
}

static enum step leased_address(struct boot *b)
{
	struct attachment *a = b->attachment;
	unsigned taken = 0;
	bool go_on = true;

	start_dhcp(b, b->config.start_delay_s * 1000u);
	while (go_on && taken < ADDRESSES_MAX) {
		enum dhcp_status status = dhcp_status(&a->dhcp);

		if (status != DHCP_BOUND && link_asked_in_vain(b)) {
			enum step next = link_wait(b);

			if (next != STEP_LEASE)
				return next;
			start_dhcp(b, 0);       /* the machines were apart already */
			continue;
		}
		if (status == DHCP_FAILED || status == DHCP_LOST)
			return lease_failed(b);
		if (status == DHCP_WORKING) {
			go_on = boot_turn(b, link_wake_at(b));
			continue;
		}
		if (address_is_free(b, a->dhcp.lease.address.ip, &go_on))
			break;
		dhcp_decline(&a->dhcp, boot_now(b));
		taken++;
	}
	if (!go_on)
		return boot_cancel(b);
	if (taken == ADDRESSES_MAX)
		return boot_fail(b, FAILURE_ADDRESS_TAKEN, "%s is used by %s", ip_text(a->dhcp.lease.address.ip).s,
		                 mac_text(a->net.conflict_mac).s);
	b->lease = a->dhcp.lease;
	log_line(b->log, LOG_STEP, "address %s from %s, router %s", ip_text(b->lease.address.ip).s,
	         ip_text(b->lease.server).s, b->lease.router ? ip_text(b->lease.router).s : "none");
	return use_lease(b);
}

enum step step_lease(struct boot *b)
{
	return b->config.address.ip ? static_address(b) : leased_address(b);
}
