/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_WIRE_IPV4_H
#define NETSTACK_WIRE_IPV4_H
/*
 * IPv4 headers (RFC 791). Options are skipped when read and never written;
 * fragments are recognised, so that they can be counted, and refused.
 */
#include "lib/bytes.h"

enum { IPV4_ICMP = 1, IPV4_IGMP = 2, IPV4_UDP = 17, IPV4_HEAD = 20, IPV4_TTL = 64 };

#define IPV4_ALL_HOSTS 0xe0000001u      /* a group that every host is in */

struct ipv4_head {
	uint32_t src, dst;              /* host order */
	uint16_t id;
	uint8_t  protocol, ttl;
};

enum ipv4_verdict { IPV4_FINE, IPV4_MALFORMED, IPV4_BAD_CHECKSUM, IPV4_FRAGMENT };

/* Reads the header off the packet and cuts Ethernet's padding: what is left is exactly the payload. */
enum ipv4_verdict ipv4_parse(struct rd *packet, struct ipv4_head *h);

/* The same for a header quoted by an ICMP error: the payload may be cut short and routers change fields on the way. */
bool ipv4_parse_quoted(struct rd *packet, struct ipv4_head *h);

/* A header of IPV4_HEAD bytes, "don't fragment" set, for a payload of this length. */
void ipv4_emit(struct wr *w, const struct ipv4_head *h, size_t payload_len);

/* A group's MAC address; false: it is none. */
bool ipv4_group_mac(uint32_t group, uint8_t mac[6]);
#endif
