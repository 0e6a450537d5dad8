/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/dhcp_offer.h"
#include "lib/fmt.h"
#include "netstack/dhcp_lease.h"

static bool is_proxy(const struct dhcp_offer *o)
{
	return o->lease.address.ip == 0 && !o->unusable;
}

/* The first address byte says whether a host can have it: not 0, loopback, multicast or beyond. */
static bool is_host(uint32_t ip)
{
	uint32_t net = ip >> 24;

	return net != 0 && net != 127 && net < 224;
}

static const char *why_unusable(const struct dhcp_offer *o)
{
	if (o->lease.address.ip && !is_host(o->lease.address.ip))
		return "no host can have that address";
	if (o->lease.address.ip == 0 && o->is_bootp)
		return "BOOTP without an address";
	if (o->lease.address.ip == 0 && !o->lease.is_pxe)
		return "no address, and not a PXE server's (option 60)";
	return NULL;
}

static unsigned rank_alone(const struct dhcp_offer *o)
{
	bool has_boot_data = dhcp_lease_has_boot_data(&o->lease);

	if (o->unusable)
		return DHCP_RANK_UNUSABLE;
	if (o->is_bootp)
		return has_boot_data ? DHCP_RANK_BOOTP : DHCP_RANK_ADDRESS_ONLY;
	switch (o->kind) {
	case DHCP_PXE_DISCOVERY: return DHCP_RANK_PXE;
	case DHCP_PXE_MTFTP:     return DHCP_RANK_MTFTP;
	case DHCP_PXE_BINL:      return DHCP_RANK_BINL;
	case DHCP_PXE_NONE:      break;
	}
	return has_boot_data ? DHCP_RANK_FILE : DHCP_RANK_ADDRESS_ONLY;
}

const struct dhcp_offer *dhcp_offer_best_proxy(const struct dhcp *d)
{
	const struct dhcp_offer *best = NULL;

	for (unsigned i = 0; i < d->offer_count; i++) {
		const struct dhcp_offer *o = &d->offers[i];
		bool says_more;

		if (!is_proxy(o))
			continue;
		says_more = best && dhcp_lease_has_boot_data(&o->lease) && !dhcp_lease_has_boot_data(&best->lease);
		if (!best || says_more)
			best = o;
	}
	return best;
}

static unsigned rank_with_proxy(unsigned alone, const struct dhcp_offer *proxy)
{
	if (alone != DHCP_RANK_ADDRESS_ONLY || !proxy)
		return alone;
	switch (proxy->kind) {
	case DHCP_PXE_DISCOVERY: return DHCP_RANK_PROXY_PXE;
	case DHCP_PXE_MTFTP:     return DHCP_RANK_PROXY_MTFTP;
	case DHCP_PXE_BINL:      return DHCP_RANK_PROXY_BINL;
	case DHCP_PXE_NONE:      break;
	}
	return alone;
}

static struct dhcp_offer *place_for(struct dhcp *d, const struct dhcp_offer *o)
{
	for (unsigned i = 0; i < d->offer_count; i++) {
		struct dhcp_offer *old = &d->offers[i];

		if (old->lease.server == o->lease.server && !old->lease.address.ip == !o->lease.address.ip)
			return old;
	}
	return d->offer_count < DHCP_OFFERS_MAX ? &d->offers[d->offer_count++] : NULL;
}

void dhcp_offer_keep(struct dhcp *d)
{
	struct dhcp_offer *o = &d->incoming, *place;

	o->unusable = why_unusable(o);
	o->rank     = rank_alone(o);
	for (size_t i = 0; i < sizeof d->options_seen; i++)
		d->options_seen[i] |= o->lease.options_seen[i];
	place = place_for(d, o);
	if (!place) {
		d->ignored++;
		return;
	}
	*place = *o;
	d->proxy_count = 0;
	for (unsigned i = 0; i < d->offer_count; i++)
		d->proxy_count += is_proxy(&d->offers[i]);
	log_line(d->log, LOG_INFO, "%s from %s: address %s, boot file \"%s\"%s%s",
	         is_proxy(o) ? "proxy offer" : "offer", ip_text(o->lease.server).s, ip_text(o->lease.address.ip).s,
	         o->lease.boot_file, o->unusable ? "; unusable: " : "", o->unusable ? o->unusable : "");
}

struct dhcp_offer *dhcp_offer_best(struct dhcp *d)
{
	const struct dhcp_offer *proxy = dhcp_offer_best_proxy(d);
	struct dhcp_offer *best = NULL;

	for (unsigned i = 0; i < d->offer_count; i++) {
		struct dhcp_offer *o = &d->offers[i];

		if (o->unusable || o->lease.address.ip == 0)
			continue;
		o->rank = rank_with_proxy(rank_alone(o), proxy);
		if (!best || o->rank < best->rank)
			best = o;
	}
	return best;
}

bool dhcp_offer_is_complete(struct dhcp *d, const struct dhcp_offer *o)
{
	const struct dhcp_offer *proxy = dhcp_offer_best_proxy(d);

	/* BOOTP is for when there is nothing better: a DHCP server may be a moment slower. */
	if (o->is_bootp)
		return false;
	return dhcp_lease_has_boot_data(&o->lease) || (proxy && dhcp_lease_has_boot_data(&proxy->lease));
}

void dhcp_offer_merge_proxy(struct dhcp *d, struct dhcp_lease *l)
{
	const struct dhcp_offer *proxy = dhcp_offer_best_proxy(d);

	if (!proxy || dhcp_lease_has_boot_data(l) || !dhcp_lease_has_boot_data(&proxy->lease))
		return;
	dhcp_lease_merge_boot_data(l, &proxy->lease);
	l->proxy = proxy->lease.server;
}
