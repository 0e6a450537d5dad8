/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_WIRE_UDP_H
#define NETSTACK_WIRE_UDP_H
/* UDP over IPv4 (RFC 768). */
#include "netstack/wire/ipv4.h"

enum { UDP_HEAD = 8 };

struct udp_head { uint16_t src_port, dst_port; };

enum udp_verdict { UDP_FINE, UDP_MALFORMED, UDP_BAD_CHECKSUM };

/* Reads the header off the segment; what is left is exactly the payload. A checksum of 0 means none was made. */
enum udp_verdict udp_parse(struct rd *segment, const struct ipv4_head *ip, struct udp_head *h);

/* A header with its checksum, for this payload. */
void udp_emit(struct wr *w, const struct udp_head *h, const struct ipv4_head *ip, struct rd payload);
#endif
