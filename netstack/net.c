/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/net.h"
#include "netstack/arp.h"
#include "netstack/icmp.h"
#include "netstack/wire/icmp.h"
#include "netstack/ipv4.h"
#include "netstack/vlan.h"
#include "netstack/wire/udp.h"

enum { MTU_DEFAULT = 1500, MTU_MIN = 576 };

void net_init(struct net *n, struct nic *nic, struct log *log)
{
	memset(n, 0, sizeof *n);
	n->nic = nic;
	n->log = log;
	n->frames_left = NET_FRAMES_PER_POLL;
	n->last_packet = "none";
}

void net_configure(struct net *n, const struct net_address *address)
{
	if (n->address.ip != address->ip)
		memset(n->arp, 0, sizeof n->arp);
	n->address = *address;
	n->probed_ip = 0;
	n->address_conflict = false;
	n->unreachable.seen = false;
}

bool net_is_refused(const struct net *n, const struct flow *sent)
{
	const struct net_unreachable *u = &n->unreachable;

	return u->seen && u->type == ICMP_UNREACHABLE && u->code == ICMP_PORT_UNREACHABLE && u->from == sent->dst_ip
	    && u->quoted.dst_ip == sent->dst_ip && u->quoted.src_port == sent->src_port
	    && u->quoted.dst_port == sent->dst_port;
}

bool net_is_open(const struct net *n, uint16_t port)
{
	for (size_t i = 0; i < COUNT_OF(n->open_ports); i++)
		if (port && n->open_ports[i] == port)
			return true;
	return false;
}

bool net_open_port(struct net *n, uint16_t port)
{
	if (net_is_open(n, port))
		return true;
	for (size_t i = 0; i < COUNT_OF(n->open_ports); i++)
		if (n->open_ports[i] == 0) {
			n->open_ports[i] = port;
			return true;
		}
	return false;
}

void net_close_port(struct net *n, uint16_t port)
{
	for (size_t i = 0; i < COUNT_OF(n->open_ports); i++)
		if (n->open_ports[i] == port)
			n->open_ports[i] = 0;
}

uint16_t net_some_port(struct random *r)
{
	enum { FIRST = 49152, COUNT = 16384 };

	return (uint16_t)(FIRST + random_below(r, COUNT));
}

void net_set_vlan(struct net *n, uint16_t id)
{
	n->vlan = id <= ETH_VLAN_MAX ? id : 0;
}

/* A card has one list: the link's groups, and the two that being in an IPv4 group needs. */
static bool tell_groups(struct net *n)
{
	uint8_t macs[NIC_GROUPS_MAX][6];
	unsigned count = n->listener ? n->listener->group_count : 0;

	if (!n->nic->groups || count + (n->group ? 2 : 0) > NIC_GROUPS_MAX)
		return false;
	if (count)
		memcpy(macs, n->listener->groups, count * sizeof macs[0]);
	if (n->group) {
		ipv4_group_mac(IPV4_ALL_HOSTS, macs[count++]);
		ipv4_group_mac(n->group->ip, macs[count++]);
	}
	return n->nic->groups(n->nic, macs, count);
}

bool net_listen(struct net *n, struct net_listener *l)
{
	n->listener = l;
	return tell_groups(n);
}

bool net_join(struct net *n, struct net_group *g)
{
	n->group = g;
	return tell_groups(n);
}

/* True: d is a datagram for an open port. */
static bool rx_udp(struct net *n, usec now, const struct ipv4_head *ip, struct rd packet, struct rd segment,
                   struct datagram *d)
{
	struct udp_head h;

	switch (udp_parse(&segment, ip, &h)) {
	case UDP_MALFORMED:    n->dropped.udp_malformed++; return false;
	case UDP_BAD_CHECKSUM: n->dropped.udp_checksum++;  return false;
	case UDP_FINE:         break;
	}
	if (!n->hears_every_port && !net_is_open(n, h.dst_port)) {
		n->dropped.udp_closed++;
		icmp_port_closed(n, now, ip, packet);
		return false;
	}
	n->dropped.datagrams++;
	n->last_packet = "UDP datagram";
	*d = (struct datagram){
		.src_ip = ip->src, .dst_ip = ip->dst,
		.src_port = h.src_port, .dst_port = h.dst_port, .payload = segment,
	};
	return true;
}

static bool rx_ipv4(struct net *n, usec now, struct rd packet, struct datagram *d)
{
	struct ipv4_head head;
	struct rd rest = packet;

	switch (ipv4_parse(&rest, &head)) {
	case IPV4_MALFORMED:    n->dropped.ip_malformed++; return false;
	case IPV4_BAD_CHECKSUM: n->dropped.ip_checksum++;  return false;
	case IPV4_FRAGMENT:     n->dropped.ip_fragment++;  return false;
	case IPV4_FINE:         break;
	}
	if ((!ipv4_is_ours(n, head.dst) && !ipv4_is_for_group(n, head.dst)) || !ipv4_is_one_host(n, head.src)) {
		n->dropped.ip_foreign++;
		return false;
	}
	if (head.protocol == IPV4_UDP)
		return rx_udp(n, now, &head, packet, rest, d);
	if (head.protocol == IPV4_ICMP)
		icmp_rx(n, now, &head, rest);
	else if (head.protocol == IPV4_IGMP && n->group)
		n->group->rx(n->group, n, now, rest);
	else
		n->dropped.ip_protocol++;
	return false;
}

static bool is_for_listener(const struct net *n, const uint8_t dst[6])
{
	for (unsigned i = 0; n->listener && i < n->listener->group_count; i++)
		if (memcmp(n->listener->groups[i], dst, 6) == 0)
			return true;
	return false;
}

/* Whether a frame to this address may be one for our group; 32 groups share an address. */
static bool is_for_group(const struct net *n, const uint8_t dst[6])
{
	uint8_t all[6], ours[6];

	return n->group && ipv4_group_mac(IPV4_ALL_HOSTS, all) && ipv4_group_mac(n->group->ip, ours)
	    && (memcmp(dst, all, sizeof all) == 0 || memcmp(dst, ours, sizeof ours) == 0);
}

/* Neither IP nor ARP, or for a group of the link's. */
static void rx_link(struct net *n, usec now, const struct eth_head *eth, struct rd payload)
{
	if (!n->listener) {
		n->dropped.foreign_ethertype++;
		return;
	}
	n->dropped.link_frames++;
	n->listener->rx(n->listener, n, now, eth, payload);
}

static bool rx_frame(struct net *n, usec now, struct rd frame, struct datagram *d)
{
	struct eth_head eth;
	bool is_link;

	n->dropped.frames++;
	if (!eth_parse(&frame, &eth)) {
		n->dropped.short_frame++;
		return false;
	}
	is_link = is_for_listener(n, eth.dst);
	/* Cards may show us frames for others, and some show us our own. */
	if (memcmp(eth.src, n->nic->mac, sizeof eth.src) == 0
	    || (!is_link && memcmp(eth.dst, n->nic->mac, sizeof eth.dst) != 0
	        && memcmp(eth.dst, eth_broadcast, sizeof eth.dst) != 0 && !is_for_group(n, eth.dst))) {
		n->dropped.foreign_mac++;
		return false;
	}
	if (!is_link && !vlan_is_ours(n, &eth)) {
		n->dropped.foreign_vlan++;
		return false;
	}
	if (!is_link && eth.type == ETH_IPV4)
		return rx_ipv4(n, now, frame, d);
	if (!is_link && eth.type == ETH_ARP)
		arp_rx(n, now, frame);
	else
		rx_link(n, now, &eth, frame);
	return false;
}

bool net_poll(struct net *n, usec now, struct datagram *d)
{
	struct rd frame;

	for (; n->frames_left && n->nic->poll(n->nic, &frame); n->frames_left--)
		if (rx_frame(n, now, frame, d)) {
			n->frames_left--;
			return true;
		}
	n->frames_left = NET_FRAMES_PER_POLL;
	/* Once a turn, and not before an answer that has come was looked at. */
	arp_tick(n, now);
	if (n->group && now >= n->group->due)
		n->group->tick(n->group, n, now);
	return false;
}

struct wr net_payload(struct net *n)
{
	return wr_over(n->tx + UDP_PAYLOAD_AT, UDP_PAYLOAD_MAX);
}

enum net_sent net_send(struct net *n, usec now, const struct flow *flow, size_t payload_len)
{
	struct ipv4_head ip = { .src = n->address.ip, .dst = flow->dst_ip, .protocol = IPV4_UDP };
	struct udp_head udp = { .src_port = flow->src_port, .dst_port = flow->dst_port };
	struct wr w = wr_over(n->tx + IPV4_PAYLOAD_AT, UDP_HEAD);

	if (payload_len > UDP_PAYLOAD_MAX - vlan_tag_bytes(n))
		return NET_UNREACHABLE;
	udp_emit(&w, &udp, &ip, rd_over(n->tx + UDP_PAYLOAD_AT, payload_len));
	return ipv4_send(n, now, n->tx, &ip, UDP_HEAD + payload_len);
}

void net_probe(struct net *n, usec now, uint32_t ip)
{
	(void)now;
	if (n->probed_ip != ip)
		n->address_conflict = false;
	n->probed_ip = ip;
	arp_probe(n, ip);
}

void net_announce(struct net *n, usec now)
{
	(void)now;
	if (n->address.ip)
		arp_announce(n);
}

usec net_wake_at(const struct net *n)
{
	return n->group ? min_u64(arp_wake_at(n), n->group->due) : arp_wake_at(n);
}

size_t net_payload_max(const struct net *n)
{
	size_t mtu = (n->nic->mtu ? n->nic->mtu : MTU_DEFAULT) - vlan_tag_bytes(n);

	if (n->address.mtu >= MTU_MIN)
		mtu = min_size(mtu, n->address.mtu);
	return min_size(mtu - IPV4_HEAD - UDP_HEAD, UDP_PAYLOAD_MAX);
}
