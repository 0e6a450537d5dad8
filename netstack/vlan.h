/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_VLAN_H
#define NETSTACK_VLAN_H
/*
 * Which VLAN we are in (IEEE 802.1Q), and how frames leave. Private to netstack.
 *
 * With net_set_vlan() what the stack sends has that VLAN's tag, and other VLANs' frames, and those without a tag, are
 * not ours. A frame that is tagged 0 has a priority and no VLAN: switches send such to hosts that know of no VLANs,
 * and some cards leave that much of a tag they have taken off, so it is always taken.
 *
 * A tagged frame has no more bytes than another. 802.1Q would let it have four more, but UNDI's MaxTranUnit, SNP's
 * MaxPacketSize and our own buffers end at 1514, and not every driver below them would take 1518. So the tag is taken
 * from the datagram: net_payload_max() is four less.
 */
#include "netstack/net.h"
#include "netstack/wire/eth.h"

static inline size_t vlan_tag_bytes(const struct net *n) { return n->vlan ? ETH_TAG : 0; }

bool vlan_is_ours(const struct net *n, const struct eth_head *h);

/* One frame of the stack's. False: the card takes it not now, or with its tag it would be too long. */
bool vlan_send(struct net *n, const void *frame, size_t len);
/* One of the link's own protocols, which know of no VLAN. */
bool vlan_send_untagged(struct net *n, const void *frame, size_t len);
#endif
