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
 */
#include "lib/log.h"
#include "netstack/nic.h"

enum {
	UDP_PAYLOAD_AT      = FRAME_HEAD + 20 + 8,      /* no VLAN tag, no IP options: always here */
	UDP_PAYLOAD_MAX     = FRAME_MAX - UDP_PAYLOAD_AT,
	NET_FRAMES_PER_POLL = 32,
	NET_ROUTES_MAX      = 8,                        /* option 121, 33, 3 */
	ARP_ENTRIES         = 8,
};

#define IP_BROADCAST 0xffffffffu

/* A UDP datagram addressed to us; addresses in host order; payload is valid until the next net_poll. */
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
	uint32_t short_frame, foreign_mac, foreign_ethertype;
	uint32_t arp_malformed, ip_malformed, ip_checksum, ip_foreign, ip_fragment, ip_protocol;
	uint32_t udp_malformed, udp_checksum, udp_closed, icmp_malformed, icmp_checksum;
	uint32_t card_busy, arp_gave_up;
};

struct arp_entry { uint32_t ip; uint8_t mac[6]; bool known; uint8_t tries; usec due, heard; };

/* The last ICMP "destination unreachable" that quoted one of our datagrams. */
struct net_unreachable { bool seen; uint8_t code; uint32_t from, dst_ip; uint16_t dst_port; };

struct net {
	struct nic *nic;
	struct log *log;
	struct net_address address;             /* ip 0: not configured; only broadcasts and our MAC are heard */
	struct arp_entry arp[ARP_ENTRIES];
	struct net_counters dropped;
	struct net_unreachable unreachable;
	bool     address_conflict;              /* someone else answered for our address (RFC 5227) */
	uint16_t ip_id;
	const char *last_packet;                /* for error screens: "DHCPOFFER", "ARP reply", ... */
	uint16_t open_ports[6];                 /* ports an endpoint listens on; others get ICMP port unreachable */
	uint8_t  tx[FRAME_MAX];
};

void net_init(struct net *n, struct nic *nic, struct log *log);
void net_configure(struct net *n, const struct net_address *address);
void net_open_port(struct net *n, uint16_t port);
void net_close_port(struct net *n, uint16_t port);

/* The next datagram for an open port. False: no more now (or the turn's share of frames is used up). */
bool net_poll(struct net *n, usec now, struct datagram *d);

/* Room for a datagram's payload, and the sending of what was written there. Never blocks. */
struct wr     net_payload(struct net *n);
enum net_sent net_send(struct net *n, usec now, const struct flow *flow, size_t payload_len);

/* ARP for an address before using it (RFC 5227): true once it was asked; conflicts set address_conflict. */
void net_probe(struct net *n, usec now, uint32_t ip);
void net_announce(struct net *n, usec now);

/* When the stack itself has something to do next (ARP retry); NEVER if nothing. */
usec net_wake_at(const struct net *n);

/* Largest UDP payload that fits the path without fragments. */
size_t net_payload_max(const struct net *n);
#endif
