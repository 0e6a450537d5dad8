/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_WIRE_ETH_H
#define NETSTACK_WIRE_ETH_H
/* Ethernet headers. A priority tag (802.1Q with VLAN 0) is read and forgotten; other VLANs are not ours. */
#include "lib/bytes.h"

enum { ETH_IPV4 = 0x0800, ETH_ARP = 0x0806, ETH_VLAN = 0x8100, ETH_HEAD = 14 };

struct eth_head { uint8_t dst[6], src[6]; uint16_t type; };

extern const uint8_t eth_broadcast[6];

/* Reads the header off the frame; what is left is the payload. */
bool eth_parse(struct rd *frame, struct eth_head *h);
void eth_emit(struct wr *w, const struct eth_head *h);
#endif
