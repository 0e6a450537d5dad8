/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_DHCP_OFFER_H
#define NETSTACK_DHCP_OFFER_H
/*
 * Which offer is best; the ranks are in dhcp.h. Private to the client: dhcp.c, and dhcp_answer.c, which keeps what it
 * chose.
 *
 * Only d->offers and its counters are touched here; when to decide is dhcp.c's.
 */
#include "netstack/dhcp.h"

/* Keeps d->incoming, ranked; what a server repeats replaces what it said before. */
void dhcp_offer_keep(struct dhcp *d);

/* The best offer without an address, or NULL: one that says what to boot is better than one to be asked first. */
const struct dhcp_offer *dhcp_offer_best_proxy(const struct dhcp *d);

/* The best offer with an address, or NULL. With proxies taken into account. */
struct dhcp_offer *dhcp_offer_best(struct dhcp *d);

/* Nothing better can come: an address, and what to boot, from one or from two servers. */
bool dhcp_offer_is_complete(struct dhcp *d, const struct dhcp_offer *o);

/* Fills in what to boot from the best proxy, if the lease does not say it. */
void dhcp_offer_merge_proxy(struct dhcp *d, struct dhcp_lease *l);
#endif
