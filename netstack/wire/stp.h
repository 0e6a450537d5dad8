/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_WIRE_STP_H
#define NETSTACK_WIRE_STP_H
/*
 * What bridges say to each other of their spanning tree (BPDUs; IEEE 802.1D-2004 clause 9, 802.1Q clause 14), as far
 * as it is about the port that they say it through: an LLC frame to STP_GROUP, 42 42 03.
 *
 * The old tree's packet (kind 0) does not tell the state of its port; the rapid one's (kind 2), which is the multiple
 * one's, too, does. Which root was elected and what it costs to get there is nothing to a host.
 */
#include "lib/bytes.h"

enum stp_kind { STP_CONFIG = 0x00, STP_RAPID = 0x02, STP_TOPOLOGY = 0x80 };

/* Flags of the rapid one. */
enum { STP_ROLE = 0x0c, STP_LEARNING = 0x10, STP_FORWARDING = 0x20 };

struct stp_bpdu {
	enum stp_kind kind;
	uint8_t  version, flags;
	uint8_t  bridge[6];             /* the MAC address of its identifier, */
	uint16_t port;                  /* and its port */
	uint32_t hello_ms, forward_delay_ms;
};

extern const uint8_t stp_group[6];

/* The payload of the Ethernet frame, which may be padded. Of STP_TOPOLOGY only the kind is filled in. */
bool stp_parse(struct rd payload, struct stp_bpdu *b);
#endif
