/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/dhcp_offer.h"
#include "lib/fmt.h"
#include "netstack/dhcp_lease.h"

enum {
	LINK_LOCAL       = 169 << 8 | 254,      /* RFC 3927 */
	DISCOVERY_BYPASS = 8,                   /* option 43.6: no servers to be asked, the file says it all */
};

static bool is_proxy(const struct dhcp_offer *o)
{
	return o->lease.address.ip == 0 && !o->unusable;
}

static const char *why_unusable(const struct dhcp_offer *o)
{
	if (o->lease.address.ip && !dhcp_lease_is_host(o->lease.address.ip))
		return "no host can have that address";
	if (o->lease.address.ip >> 16 == LINK_LOCAL)
		return "169.254 is for machines that found no DHCP server, nothing boots from there";
	if (o->lease.server == 0 && !o->is_bootp)
		return "it does not say whose it is (option 54)";
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

/* A file, a rill:// address, or servers that can be asked for one (option 43). */
static bool says_what_to_boot(const struct dhcp_offer *o)
{
	return dhcp_lease_has_boot_data(&o->lease)
	    || (o->kind == DHCP_PXE_DISCOVERY && !(o->lease.pxe_discovery & DISCOVERY_BYPASS));
}

static bool is_better_proxy(const struct dhcp_offer *o, const struct dhcp_offer *than)
{
	bool says_it = says_what_to_boot(o);

	return says_it == says_what_to_boot(than) ? rank_alone(o) < rank_alone(than) : says_it;
}

const struct dhcp_offer *dhcp_offer_best_proxy(const struct dhcp *d)
{
	const struct dhcp_offer *best = NULL;

	for (unsigned i = 0; i < d->offer_count; i++) {
		const struct dhcp_offer *o = &d->offers[i];

		if (is_proxy(o) && (!best || is_better_proxy(o, best)))
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

/* All places are taken: the place of the least useful one of its sort, if this one is better; or NULL. */
static struct dhcp_offer *place_of_worst(struct dhcp *d, const struct dhcp_offer *o)
{
	struct dhcp_offer *worst = NULL;
	unsigned worst_rank = rank_alone(o);

	for (unsigned i = 0; i < d->offer_count; i++) {
		struct dhcp_offer *old = &d->offers[i];

		if (old->unusable && !o->unusable)
			return old;
		if (!old->lease.address.ip != !o->lease.address.ip || rank_alone(old) <= worst_rank)
			continue;
		worst = old;
		worst_rank = rank_alone(old);
	}
	return o->unusable ? NULL : worst;
}

static struct dhcp_offer *place_for(struct dhcp *d, const struct dhcp_offer *o)
{
	for (unsigned i = 0; i < d->offer_count; i++) {
		struct dhcp_offer *old = &d->offers[i];

		if (old->lease.server == o->lease.server && !old->lease.address.ip == !o->lease.address.ip)
			return old;
	}
	if (d->offer_count < DHCP_OFFERS_MAX)
		return &d->offers[d->offer_count++];
	d->ignored++;                   /* this one, or the one that makes room for it */
	return place_of_worst(d, o);
}

void dhcp_offer_keep(struct dhcp *d)
{
	struct dhcp_offer *o = &d->incoming, *place;

	o->unusable = why_unusable(o);
	o->rank     = rank_alone(o);
	for (size_t i = 0; i < sizeof d->options_seen; i++)
		d->options_seen[i] |= o->lease.options_seen[i];
	place = place_for(d, o);
	if (!place)
		return;
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
	return says_what_to_boot(o) || (proxy && says_what_to_boot(proxy));
}

void dhcp_offer_merge_proxy(struct dhcp *d, struct dhcp_lease *l)
{
	const struct dhcp_offer *proxy = dhcp_offer_best_proxy(d);

	if (!proxy || dhcp_lease_has_boot_data(l) || !dhcp_lease_has_boot_data(&proxy->lease))
		return;
	dhcp_lease_merge_boot_data(l, &proxy->lease);
	l->proxy = proxy->lease.server;
}
