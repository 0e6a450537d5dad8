/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/igmp.h"
#include "netstack/ipv4.h"
#include "netstack/vlan.h"
#include "netstack/wire/igmp.h"

enum { REPEAT_WITHIN = 10 * USEC_PER_S };

static bool send(struct net *n, uint32_t dst, uint8_t type, uint32_t group)
{
	const struct igmp_message m = { .type = type, .group = group };
	struct eth_head eth = { .type = ETH_IPV4 };
	struct wr w = wr_over(n->answer, sizeof n->answer);

	ipv4_group_mac(dst, eth.dst);
	memcpy(eth.src, n->nic->mac, sizeof eth.src);
	eth_emit(&w, &eth);
	igmp_emit_packet(&w, n->address.ip, dst, &m);
	return vlan_send(n, n->answer, wr_used(&w, n->answer));
}

/* A report is due. A card that is busy is asked again next turn. */
static void tick(struct net_group *group, struct net *n, usec now)
{
	struct igmp *g = (struct igmp *)group;

	if (!send(n, group->ip, g->is_v1 ? IGMP_REPORT_V1 : IGMP_REPORT, group->ip))
		return;
	g->sent++;
	group->due = g->is_repeated ? NEVER : now + random_below(&g->random, REPEAT_WITHIN);
	g->is_repeated = true;
}

static void rx_query(struct igmp *g, usec now, const struct igmp_message *m)
{
	if (m->group && m->group != g->group.ip)
		return;
	g->is_v1 = m->is_v1;
	/* What is due sooner than they ask for answers them, too. */
	if (g->group.due > now + m->wait_max)
		g->group.due = now + random_below(&g->random, (uint32_t)m->wait_max + 1);
}

static void rx(struct net_group *group, struct net *n, usec now, struct rd packet)
{
	struct igmp *g = (struct igmp *)group;
	struct igmp_message m;

	(void)n;
	if (igmp_parse(packet, &m) != IGMP_FINE) {
		g->malformed++;
		return;
	}
	if (m.type == IGMP_QUERY)
		rx_query(g, now, &m);
	if ((m.type == IGMP_REPORT || m.type == IGMP_REPORT_V1) && m.group == group->ip) {
		g->heard++;
		/* One member is all that a router wants to know of; but it must not be his word alone at first. */
		if (g->sent) {
			g->is_repeated = true;
			group->due = NEVER;
		}
	}
}

bool igmp_join(struct igmp *g, struct net *net, usec now, uint32_t group, uint64_t seed)
{
	*g = (struct igmp){ .group = { .rx = rx, .tick = tick, .ip = group, .due = now },
	                    .random = random_from(seed) };
	if (group >> 28 != 0xe || !net_join(net, &g->group)) {
		net_join(net, NULL);
		return false;
	}
	tick(&g->group, net, now);
	return true;
}

void igmp_leave(struct igmp *g, struct net *net)
{
	if (net->group != &g->group)
		return;
	send(net, IGMP_ALL_ROUTERS, IGMP_LEAVE, g->group.ip);
	net_join(net, NULL);
}
