/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/ipv4.h"
#include "netstack/arp.h"
#include "netstack/vlan.h"

bool ipv4_is_broadcast(const struct net *n, uint32_t dst)
{
	const struct net_address *a = &n->address;

	/* A /31 or /32 has no broadcast address. */
	return dst == IP_BROADCAST || (a->ip && ~a->mask > 1 && dst == (a->ip | ~a->mask));
}

bool ipv4_is_ours(const struct net *n, uint32_t dst)
{
	return n->address.ip == 0 || dst == n->address.ip || ipv4_is_broadcast(n, dst);
}

bool ipv4_is_one_host(const struct net *n, uint32_t src)
{
	return src >> 28 < 0xe && !ipv4_is_broadcast(n, src) && (src == 0 || src != n->address.ip);
}

bool ipv4_is_for_group(const struct net *n, uint32_t dst)
{
	return n->group && (dst == n->group->ip || dst == IPV4_ALL_HOSTS);
}

/* The address to ask ARP for, or 0: no way there. */
static uint32_t next_hop(const struct net_address *a, uint32_t dst)
{
	if (a->ip == 0)
		return 0;
	if ((dst & a->mask) == (a->ip & a->mask))
		return dst;
	for (unsigned i = 0; i < a->route_count; i++)
		if ((dst & a->routes[i].mask) == a->routes[i].dst)
			return a->routes[i].via ? a->routes[i].via : dst;
	return 0;
}

static enum net_sent find_mac(struct net *n, usec now, uint32_t dst, uint8_t mac[6])
{
	uint32_t hop;

	if (ipv4_is_broadcast(n, dst)) {
		memcpy(mac, eth_broadcast, sizeof eth_broadcast);
		return NET_SENT;
	}
	if (ipv4_group_mac(dst, mac))
		return NET_SENT;
	hop = next_hop(&n->address, dst);
	if (hop == 0)
		return NET_UNREACHABLE;
	switch (arp_lookup(n, now, hop, mac)) {
	case ARP_KNOWN:  return NET_SENT;
	case ARP_ASKING: return NET_RESOLVING;
	case ARP_NOBODY: break;
	}
	return NET_UNREACHABLE;
}

enum net_sent ipv4_send(struct net *n, usec now, uint8_t *frame, struct ipv4_head *head, size_t payload_len)
{
	struct eth_head eth = { .type = ETH_IPV4 };
	struct wr w = wr_over(frame, IPV4_PAYLOAD_AT);
	enum net_sent found = find_mac(n, now, head->dst, eth.dst);

	if (found != NET_SENT)
		return found;
	memcpy(eth.src, n->nic->mac, sizeof eth.src);
	head->src = n->address.ip;
	head->ttl = IPV4_TTL;
	head->id  = n->ip_id++;
	eth_emit(&w, &eth);
	ipv4_emit(&w, head, payload_len);
	return vlan_send(n, frame, IPV4_PAYLOAD_AT + payload_len) ? NET_SENT : NET_BUSY;
}
