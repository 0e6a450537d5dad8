/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_WIRE_HANDOVER_H
#define NETSTACK_WIRE_HANDOVER_H
/*
 * The hand-over block as a value: docs/handover.md, in C.
 *
 * The firmware writes it, the driver in the operating system reads it:
 *
 *     size = handover_write(room, sizeof room, &h);
 *
 *     for (at = start; at < end; at += HANDOVER_ALIGN)
 *             switch (handover_read(rd_over(memory + at, end - at), &h, &missing)) ...
 *
 * The reader may be given more bytes than the block has: all memory from the
 * paragraph where one might begin.
 */
#include "netstack/wire/tlv.h"

enum {
	HANDOVER_BYTES_MAX = 4096, HANDOVER_HEAD_BYTES = 20, HANDOVER_VERSION = 1, HANDOVER_ALIGN = 16,
	HANDOVER_DNS_MAX = 4, HANDOVER_TIMES_MAX = 16,
};

struct handover_ip    { uint8_t bytes[16]; };   /* IPv6, or IPv4 mapped; all 0: none */
struct handover_lease {
	struct handover_ip address, router, server;
	uint8_t  prefix;                        /* of the address family: 24 is 255.255.255.0 */
	uint32_t lease_s, t1_s, t2_s;           /* seconds left when written */
};
struct handover_time  { uint8_t step; uint32_t ms; };   /* since power-on; steps as in docs/boot-flow.md */

struct handover {
	/* the disk */
	char     disk[TLV_NAME_MAX + 1];
	struct stream_content content;
	struct stream_ticket  ticket;
	uint64_t size;
	uint32_t expires_s;                     /* of the ticket, seconds left when written */
	uint32_t version;
	uint8_t  mode;
	uint8_t  drive;                         /* of INT 13h; 0: it has none */
	uint8_t  root_hash_algorithm, root_hash[64], root_hash_len;     /* len 0: none */

	/* the session and its servers */
	uint64_t session;
	uint32_t next_request;
	uint16_t window, segment, client_port;
	struct stream_address servers[TLV_SERVERS_MAX];
	unsigned server_count;
	struct stream_address server_current;
	struct tlv_counters   counters;

	/* the card and the network */
	uint8_t  mac[6];
	uint16_t pci;                           /* bus[8] device[5] function[3]; FFFFh unknown */
	uint16_t mtu, vlan;                     /* vlan 0: frames have no tag */
	struct handover_lease lease;
	bool     id_is_uuid;                    /* whom it was given to: DHCP's option 61 is the UUID, not the MAC */
	struct handover_ip    dns[HANDOVER_DNS_MAX];
	unsigned dns_count;

	/* the machine and its boot */
	uint8_t  uuid[16];                      /* all 0: unknown */
	uint16_t arch;                          /* as DHCP's option 93 */
	bool     has_arch;                      /* older firmware does not say it */
	uint8_t  undi_major, undi_minor;        /* as DHCP's option 94; major 0: older firmware does not say it */
	char     build[TLV_NAME_MAX + 1], host_name[TLV_NAME_MAX + 1];
	struct handover_time times[HANDOVER_TIMES_MAX];
	unsigned time_count;
};

enum handover_verdict {
	HANDOVER_OK,
	HANDOVER_NO_BLOCK,      /* no magic here */
	HANDOVER_DAMAGED,       /* magic, but not a good check or layout: go on searching (H1) */
	HANDOVER_DEMANDS_MORE,  /* of a newer firmware, with a must we do not know (H2) */
	HANDOVER_INCOMPLETE,    /* lacks what *missing names (H3) */
};

/* The block's size; 0: the room is too small for it. */
size_t handover_write(uint8_t *room, size_t size, const struct handover *h);

/* missing may be NULL. h is all zero unless the verdict is HANDOVER_OK. */
enum handover_verdict handover_read(struct rd bytes, struct handover *h, const char **missing);

/* After "the hand-over block", for people; what is missing comes behind it: "lacks", "TICKET". */
const char *handover_verdict_text(enum handover_verdict v);

struct handover_ip handover_ipv4(uint32_t ip);                          /* host order; 0: none */
bool               handover_ip_is_ipv4(const struct handover_ip *a, uint32_t *ip);
#endif
