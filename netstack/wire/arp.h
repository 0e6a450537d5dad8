/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_WIRE_ARP_H
#define NETSTACK_WIRE_ARP_H
/* ARP for IPv4 over Ethernet (RFC 826). Addresses in host order. */
#include "lib/bytes.h"

enum { ARP_REQUEST = 1, ARP_REPLY = 2, ARP_SIZE = 28 };

struct arp_packet {
	uint16_t op;
	uint8_t  sender_mac[6], target_mac[6];
	uint32_t sender_ip, target_ip;
};

/* Padding behind the packet is allowed; anything but IPv4 over Ethernet is not. */
bool arp_parse(struct rd packet, struct arp_packet *a);
void arp_emit(struct wr *w, const struct arp_packet *a);
#endif
