/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_IPV4_H
#define NETSTACK_IPV4_H
/*
 * Where an IPv4 packet goes, and the headers in front of it. Private to netstack.
 *
 * Headers have one size, because we send no IP options and vlan.h puts a tag
 * in afterwards: the payload stands at IPV4_PAYLOAD_AT of a frame, and the rest
 * is filled in in front of it.
 */
#include "netstack/net.h"
#include "netstack/wire/ipv4.h"

enum { IPV4_PAYLOAD_AT = FRAME_HEAD + IPV4_HEAD };

/* Whether an address is ours to receive: our own or a broadcast; any while we have none. */
bool ipv4_is_ours(const struct net *n, uint32_t dst);
/* Whether an answer to this address would go to one host, and not to ourselves. */
bool ipv4_is_one_host(const struct net *n, uint32_t src);
bool ipv4_is_broadcast(const struct net *n, uint32_t dst);
/* Whether it is the group that was joined, or what all hosts of any group hear. */
bool ipv4_is_for_group(const struct net *n, uint32_t dst);

/* Addresses and sends the frame whose IP payload is in place. The head's src, id and ttl are filled in. */
enum net_sent ipv4_send(struct net *n, usec now, uint8_t *frame, struct ipv4_head *head, size_t payload_len);
#endif
