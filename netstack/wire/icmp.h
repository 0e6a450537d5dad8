/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_WIRE_ICMP_H
#define NETSTACK_WIRE_ICMP_H
/* ICMP messages (RFC 792, 1191): echo, and those about a datagram that did not arrive. */
#include "lib/bytes.h"

enum {
	ICMP_ECHO_REPLY = 0, ICMP_UNREACHABLE = 3, ICMP_REDIRECT = 5, ICMP_ECHO_REQUEST = 8, ICMP_TIME_EXCEEDED = 11,
	ICMP_BAD_PARAMETER = 12, ICMP_HEAD = 8,
};
enum { ICMP_PORT_UNREACHABLE = 3, ICMP_FRAGMENTATION_NEEDED = 4 };

struct icmp_message {
	uint8_t  type, code;
	uint32_t rest;                  /* echo: identifier and sequence; fragmentation needed: low half is the MTU */
	struct rd body;                 /* echo: data; unreachable: the datagram it is about */
};

enum icmp_verdict { ICMP_FINE, ICMP_MALFORMED, ICMP_BAD_CHECKSUM };

enum icmp_verdict icmp_parse(struct rd packet, struct icmp_message *m);
void              icmp_emit(struct wr *w, const struct icmp_message *m);

/* Whether it quotes a datagram that did not arrive. A redirect quotes one that did. */
static inline bool icmp_is_error(uint8_t type)
{
	return type == ICMP_UNREACHABLE || type == ICMP_TIME_EXCEEDED || type == ICMP_BAD_PARAMETER;
}

/* For people: "the host cannot be reached". Always something. */
const char *icmp_error_text(uint8_t type, uint8_t code);
#endif
