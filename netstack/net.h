/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_NET_H
#define NETSTACK_NET_H
/*
 * One network interface: frames in, datagrams out, and back.
 *
 *     net_init(&net, nic, log);
 *     net_configure(&net, &lease_addresses);          once there is a lease
 *     while (net_poll(&net, now, &d))                 bounded: at most NET_FRAMES_PER_POLL frames a call
 *             give d to whoever owns d.dst_port
 *     struct wr w = net_payload(&net);                an endpoint writes its datagram here ...
 *     net_send(&net, now, &flow, wr_used(&w, ...));   ... and it leaves in a frame
 *
 * ARP requests and ICMP echo are answered inside net_poll, also while others
 * wait for something else. Whatever is malformed, not for us or unsupported
 * (IP fragments, options we do not know) is dropped and counted, never an
 * error. The struct is the whole state; it holds no pointer but the card, the
 * log and what it was given.
 *
 * Besides IP and ARP there are the link's own protocols (spanning tree, link
 * aggregation, 802.1X), each a frame to a group that no switch passes on. Who
 * wants them is given them by net_listen(); without him they are dropped.
 *
 * And one IPv4 multicast group can be joined, with netstack/igmp.h, which says
 * so to the switches and calls net_join().
 */
#include "lib/log.h"
#include "lib/random.h"
#include "netstack/nic.h"

enum {
	UDP_PAYLOAD_AT      = FRAME_HEAD + 20 + 8,      /* no VLAN tag yet, no IP options: always here */
	UDP_PAYLOAD_MAX     = FRAME_MAX - UDP_PAYLOAD_AT,
	NET_FRAMES_PER_POLL = 32,
	NET_ROUTES_MAX      = 8,                        /* option 121, 33, 3 */
	ARP_ENTRIES         = 8,
};

#define IP_BROADCAST 0xffffffffu

/* A UDP datagram addressed to us; addresses in host order; payload is valid until the next net_poll or net_send. */
struct datagram {
	uint32_t src_ip, dst_ip;
	uint16_t src_port, dst_port;
	struct rd payload;
};

/* Where a datagram goes and what it says of its origin. */
struct flow {
	uint32_t dst_ip;
	uint16_t src_port, dst_port;
};

struct route { uint32_t dst, mask, via; };      /* via 0: on the link */

struct net_address {
	uint32_t ip, mask;
	struct route routes[NET_ROUTES_MAX];    /* first match wins; the default route is {0, 0, router} last */
	unsigned route_count;
	uint16_t mtu;                           /* 0: the card's */
};

enum net_sent {
	NET_SENT,
	NET_RESOLVING,          /* ARP asked; send again after net_wake_at() */
	NET_BUSY,               /* the card took nothing; send again next turn */
	NET_UNREACHABLE,        /* no route, or ARP gave up: E11 */
};

/* What was dropped and why; FAILED prints the ones that are not 0, in words. */
struct net_counters {
	uint32_t frames, datagrams, sent;
	uint32_t short_frame, foreign_mac, foreign_ethertype, foreign_vlan, link_frames;
	uint32_t arp_malformed, ip_malformed, ip_checksum, ip_foreign, ip_fragment, ip_protocol;
	uint32_t udp_malformed, udp_checksum, udp_closed, icmp_malformed, icmp_checksum;
	uint32_t card_busy, arp_gave_up;
};

/*
 * ip 0: free. tries counts the requests out since the last answer: 0 at rest.
 * A known address that is being asked for again stays in use meanwhile.
 */
struct arp_entry { uint32_t ip; uint8_t mac[6]; bool known; uint8_t tries; usec due, heard; };

/* The last ICMP error that quoted one of our datagrams. mtu: what it told (type 3, code 4), or 0. */
struct net_unreachable { bool seen; uint8_t type, code; uint16_t mtu; uint32_t from; struct flow quoted; };

struct net;
struct eth_head;

/* Who is given the frames for some groups, and those to us that are neither IP nor ARP. */
struct net_listener {
	/* May send with vlan_send_untagged() or net_send(); the payload is readable until then. */
	void (*rx)(struct net_listener *l, struct net *n, usec now, const struct eth_head *head, struct rd payload);
	const uint8_t (*groups)[6];
	unsigned group_count;
};

/* The IPv4 group we are in, and who speaks for us about it: struct igmp. */
struct net_group {
	void (*rx)(struct net_group *g, struct net *n, usec now, struct rd igmp);
	void (*tick)(struct net_group *g, struct net *n, usec now);     /* when due */
	uint32_t ip;
	usec     due;
};

struct net {
	struct nic *nic;
	struct log *log;
	struct net_address address;             /* ip 0: not configured; only broadcasts and our MAC are heard */
	struct arp_entry arp[ARP_ENTRIES];
	struct net_counters dropped;
	struct net_unreachable unreachable;
	uint32_t probed_ip;                     /* asked for by net_probe and not configured yet, or 0 */
	bool     address_conflict;              /* someone else uses probed_ip or our address (RFC 5227) */
	uint8_t  conflict_mac[6];
	usec     defended_at, unreachable_at;   /* when we may speak next: defence, ICMP errors */
	uint16_t ip_id;
	unsigned frames_left;                   /* of this turn's share */
	const char *last_packet;                /* received, for error screens: "ARP reply", "UDP datagram", ... */
	uint16_t open_ports[6];                 /* ports an endpoint listens on; others get ICMP port unreachable */
	bool     hears_every_port;              /* all are open, for who chooses by himself */
	struct net_listener *listener;          /* NULL: nobody */
	struct net_group *group;                /* NULL: none */
	uint16_t vlan;                          /* 0: frames are sent without a tag */
	uint8_t  tx[FRAME_MAX];                 /* the caller's datagram: ours to read, never to change */
	uint8_t  answer[FRAME_MAX];             /* what net_poll itself sends */
	uint8_t  tagged[FRAME_MAX];             /* either, with its tag */
};

void net_init(struct net *n, struct nic *nic, struct log *log);
void net_configure(struct net *n, const struct net_address *address);
/* False: too many are open. */
bool net_open_port(struct net *n, uint16_t port);
bool net_is_open(const struct net *n, uint16_t port);
void net_close_port(struct net *n, uint16_t port);
/* Of the dynamic ports (RFC 6335, 6), which no service has; for a client to open. */
uint16_t net_some_port(struct random *r);

/*
 * The VLAN to be in: 1 to 4094, or 0 for none. Frames of other VLANs, and untagged ones while we are in one, are
 * foreign and counted; those tagged 0 are always taken.
 */
void net_set_vlan(struct net *n, uint16_t id);

/*
 * Frames of the link's own protocols are l's from here on, and the card is told to hear his groups; NULL: nobody's.
 * False: the card cannot be told; those may come all the same, for most cards hear every group.
 */
bool net_listen(struct net *n, struct net_listener *l);

/*
 * Datagrams to g's group are ours from here on, besides those to us; NULL: no longer. False: the card cannot be told.
 * Callers want igmp_join().
 */
bool net_join(struct net *n, struct net_group *g);

/* The next datagram for an open port. False: no more now (or the turn's share of frames is used up). */
bool net_poll(struct net *n, usec now, struct datagram *d);

/*
 * Room for a datagram's payload, and the sending of what was written there. Never blocks. After NET_RESOLVING
 * or NET_BUSY the payload is still in its place: the same flow and length may simply be sent again.
 */
struct wr     net_payload(struct net *n);
enum net_sent net_send(struct net *n, usec now, const struct flow *flow, size_t payload_len);

/*
 * Before using an address (RFC 5227, short form): call net_probe once or twice within 200 ms, keep polling, then
 * look at address_conflict; if it is free, net_configure and net_announce. A configured address is defended, at
 * most once in ten seconds; address_conflict then only tells.
 */
void net_probe(struct net *n, usec now, uint32_t ip);
void net_announce(struct net *n, usec now);

/*
 * Whether that host itself says, of a datagram that we sent so, that nobody listens on its port: no answer will come.
 * Another's word is not believed: a router that knows no way may know one in a moment, a firewall may be opened. And a
 * stranger that speaks in the host's name has to guess the port we sent from.
 */
bool net_is_refused(const struct net *n, const struct flow *sent);

/* When the stack itself has something to do next (ARP retry); NEVER if nothing. */
usec net_wake_at(const struct net *n);

/* Largest UDP payload that fits the path without fragments; a VLAN's tag is taken from it. */
size_t net_payload_max(const struct net *n);
#endif
