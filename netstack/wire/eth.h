/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_WIRE_ETH_H
#define NETSTACK_WIRE_ETH_H
/*
 * Ethernet headers, with the tag of IEEE 802.1Q if there is one. A tag of VLAN 0 only tells a priority: the frame is
 * in no VLAN. Of two tags the inner one is left as the type: such frames are a provider's, not a host's.
 */
#include "lib/bytes.h"

enum {
	ETH_IPV4 = 0x0800, ETH_ARP = 0x0806, ETH_VLAN = 0x8100, ETH_SLOW = 0x8809, ETH_EAP = 0x888e,
	ETH_HEAD = 14, ETH_TAG = 4, ETH_VLAN_MAX = 4094,
};

struct eth_head {
	uint8_t  dst[6], src[6];
	uint16_t type;                  /* below 0600h it is the length of an LLC frame */
	uint16_t vlan;                  /* 0: none, or only a priority */
	bool     is_tagged;
};

extern const uint8_t eth_broadcast[6];

/* Reads the header off the frame; what is left is the payload. */
bool eth_parse(struct rd *frame, struct eth_head *h);
/* Without a tag. */
void eth_emit(struct wr *w, const struct eth_head *h);
/* The same frame with the tag of this VLAN, priority 0. */
void eth_emit_tagged(struct wr *w, struct rd frame, uint16_t vlan);
#endif
