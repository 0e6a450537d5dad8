/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_IGMP_H
#define NETSTACK_IGMP_H
/*
 * Being in one multicast group (RFC 2236): switches and routers are told, and told again when they ask.
 *
 *     igmp_join(&g, &net, now, group, seed)    datagrams to the group come out of net_poll(), for ports that are open
 *     igmp_leave(&g, &net)                     before g is gone
 *
 * Everything between is net_poll()'s business: the second report, which comes at random within ten seconds because
 * the first may be lost; answers to queries, at random within the time they allow; none where another host of the
 * same group was faster. Queries of version 3 are answered as version 2 is, which every router of version 3 takes;
 * those of version 1 by a report of version 1, which is all that such a router reads.
 */
#include "lib/random.h"
#include "netstack/net.h"

struct igmp {
	struct net_group group;         /* first */
	struct random random;
	bool     is_repeated;           /* the second report is out, or another host sent one */
	bool     is_v1;                 /* who asked last is of version 1 */
	uint32_t sent, heard, malformed;        /* public: reports of ours; of others; what made no sense */
};

/*
 * False: the card cannot be told which groups to hear, and nothing was sent: whatever comes by multicast may never
 * be seen, and unicast must do.
 */
bool igmp_join(struct igmp *g, struct net *net, usec now, uint32_t group, uint64_t seed);
void igmp_leave(struct igmp *g, struct net *net);
#endif
