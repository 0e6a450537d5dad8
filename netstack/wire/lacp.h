/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_WIRE_LACP_H
#define NETSTACK_WIRE_LACP_H
/*
 * Link aggregation's packets (IEEE 802.1AX-2014, 6.4.2 and 6.5.3): EtherType 8809h to SLOW_GROUP, whose first byte says
 * which of the slow protocols it is.
 *
 *     switch (slow_parse(&payload))           one byte is taken off
 *     case SLOW_LACP:   lacp_parse(payload, &pdu)
 *     case SLOW_MARKER: lacp_parse_marker(payload, &marker)
 *
 * Later versions put more behind what version 1 has; that is not read. Reserved fields are passed over.
 */
#include "lib/bytes.h"

enum slow_protocol { SLOW_UNKNOWN, SLOW_LACP = 1, SLOW_MARKER = 2 };

/* What of a port's state there is to say. */
enum {
	LACP_ACTIVE = 0x01, LACP_SHORT_TIMEOUT = 0x02, LACP_AGGREGATABLE = 0x04, LACP_IN_SYNC = 0x08,
	LACP_COLLECTING = 0x10, LACP_DISTRIBUTING = 0x20, LACP_DEFAULTED = 0x40, LACP_EXPIRED = 0x80,
};

enum { LACP_BYTES = 110 };              /* either packet, with its first byte */

/* One end of the cable: who, which port of his, in what state. */
struct lacp_party {
	uint16_t system_priority;
	uint8_t  system[6];
	uint16_t key, port_priority, port;
	uint8_t  state;
};

struct lacp_pdu { struct lacp_party actor, partner; };          /* who sent it; whom he thinks he sends it to */

struct lacp_marker { uint16_t port; uint8_t system[6]; uint32_t transaction; };

extern const uint8_t slow_group[6];

enum slow_protocol slow_parse(struct rd *payload);

bool lacp_parse(struct rd payload, struct lacp_pdu *p);
/* A question, not an answer to one. */
bool lacp_parse_marker(struct rd payload, struct lacp_marker *m);

/* LACP_BYTES, the first byte and all; version 1. */
void lacp_emit(struct wr *w, const struct lacp_pdu *p);
void lacp_emit_marker_answer(struct wr *w, const struct lacp_marker *m);
#endif
