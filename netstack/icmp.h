/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_ICMP_H
#define NETSTACK_ICMP_H
/*
 * ICMP as a host needs it. Private to netstack.
 *
 * Answers echo requests to our own address, notes what a router or host says
 * of a datagram of ours, and tells senders of closed ports (never for a
 * broadcast, ten times a second at most). A redirect changes nothing: routes
 * are DHCP's.
 */
#include "netstack/ipv4.h"

void icmp_rx(struct net *n, usec now, const struct ipv4_head *ip, struct rd packet);

/* The port of this datagram is closed; packet is all of it, from its IP header. */
void icmp_port_closed(struct net *n, usec now, const struct ipv4_head *ip, struct rd packet);
#endif
