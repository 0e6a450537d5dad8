/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/wire/arp.h"
#include "netstack/wire/eth.h"

enum { ARP_ETHERNET = 1, MAC_LEN = 6, IP_LEN = 4 };

bool arp_parse(struct rd packet, struct arp_packet *a)
{
	struct rd *r = &packet;
	uint16_t hardware = rd_be16(r), protocol = rd_be16(r);
	uint8_t  mac_len = rd_u8(r), ip_len = rd_u8(r);

	a->op = rd_be16(r);
	rd_bytes(r, a->sender_mac, sizeof a->sender_mac);
	a->sender_ip = rd_be32(r);
	rd_bytes(r, a->target_mac, sizeof a->target_mac);
	a->target_ip = rd_be32(r);

	return rd_ok(r) && hardware == ARP_ETHERNET && protocol == ETH_IPV4 && mac_len == MAC_LEN && ip_len == IP_LEN
	    && (a->op == ARP_REQUEST || a->op == ARP_REPLY);
}

void arp_emit(struct wr *w, const struct arp_packet *a)
{
	wr_be16(w, ARP_ETHERNET);
	wr_be16(w, ETH_IPV4);
	wr_u8(w, MAC_LEN);
	wr_u8(w, IP_LEN);
	wr_be16(w, a->op);
	wr_bytes(w, a->sender_mac, sizeof a->sender_mac);
	wr_be32(w, a->sender_ip);
	wr_bytes(w, a->target_mac, sizeof a->target_mac);
	wr_be32(w, a->target_ip);
}
