/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_ARP_H
#define NETSTACK_ARP_H
/*
 * Who has which address: the cache in struct net, its questions and answers.
 *
 * Private to netstack: net.c calls these. An address is asked for four times
 * (PXE-E11 after that); an answer serves for a minute and is then checked
 * again while it stays in use. Only addresses we asked for, and those who ask
 * for us, are learned.
 */
#include "netstack/net.h"

enum arp_answer { ARP_KNOWN, ARP_ASKING, ARP_NOBODY };

void arp_rx(struct net *n, usec now, struct rd packet);

/* The MAC for an address on the link; asks for it if need be. */
enum arp_answer arp_lookup(struct net *n, usec now, uint32_t ip, uint8_t mac[6]);

/* Sends the questions that are due. */
void arp_tick(struct net *n, usec now);
usec arp_wake_at(const struct net *n);

void arp_probe(struct net *n, uint32_t ip);
void arp_announce(struct net *n);
#endif
