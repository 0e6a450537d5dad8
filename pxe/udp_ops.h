/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef PXE_UDP_OPS_H
#define PXE_UDP_OPS_H
/*
 * The UDP connection of the base code: there is one, and it hears every port. Its calls are in pxe/ops.h.
 *
 * UDP_READ takes what the card has. What comes while UDP_WRITE waits for ARP is queued for it.
 */
#include "netstack/net.h"

enum { PXE_UDP_QUEUE = 4, PXE_UDP_PORT = 2069 };

struct pxe_queued {
	uint32_t src_ip, dst_ip;
	uint16_t src_port, dst_port, bytes;
	uint8_t  payload[UDP_PAYLOAD_MAX];
};

struct pxe_udp {
	bool     is_open;
	bool     has_own_address;       /* there is no lease: the program's is used while it is open */
	unsigned queued, dropped;
	struct pxe_queued queue[PXE_UDP_QUEUE];         /* oldest first */
};

struct pxe_api;

void pxe_udp_queue(struct pxe_udp *u, const struct datagram *d);
void pxe_udp_end(struct pxe_api *a);
#endif
