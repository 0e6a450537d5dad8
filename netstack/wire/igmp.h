/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_WIRE_IGMP_H
#define NETSTACK_WIRE_IGMP_H
/*
 * IGMP messages, as a host reads and writes them (RFC 1112, 2236, and the queries of RFC 3376): who asks which groups
 * are heard, who hears them, and who no longer does. All travel with a time to live of 1 and the router alert option
 * (RFC 2113), so the IP header is written here, too.
 */
#include "netstack/wire/ipv4.h"

enum igmp_type { IGMP_QUERY = 0x11, IGMP_REPORT_V1 = 0x12, IGMP_REPORT = 0x16, IGMP_LEAVE = 0x17 };

enum { IGMP_HEAD = 8, IGMP_QUERY_V3 = 12, IGMP_PACKET = 24 + IGMP_HEAD };

/* 224.0.0.2: every router. */
#define IGMP_ALL_ROUTERS 0xe0000002u

struct igmp_message {
	uint8_t  type;
	uint32_t group;                 /* 0 in a query: any */
	usec     wait_max;              /* of a query: every member answers within it */
	bool     is_v1;                 /* a query of a router that knows no newer answer */
};

enum igmp_verdict { IGMP_FINE, IGMP_MALFORMED, IGMP_BAD_CHECKSUM };

enum igmp_verdict igmp_parse(struct rd packet, struct igmp_message *m);

/* The IP packet for one message, IGMP_PACKET bytes; wait_max is not written: only routers ask. */
void igmp_emit_packet(struct wr *w, uint32_t src, uint32_t dst, const struct igmp_message *m);
#endif
