/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef PXE_DHCP_PACKETS_H
#define PXE_DHCP_PACKETS_H
/*
 * DHCP's packets for a program that we start, out of what the firmware kept of its own boot.
 *
 *     setup.relay = pxe_dhcp_relay(&answer);           then pxe_api_init()
 *     pxe_dhcp_packets(&api.cached, &origin, room)     `room` is only used meanwhile
 *
 * The DISCOVER is as it was sent but for secs. The ACK has server and file where the program came from. The reply is
 * the boot server's, else that of the proxy that the lease names; without either the ACK stands for it (pxe/cached.h).
 */
#include "netstack/dhcp_answer.h"
#include "pxe/cached.h"

struct pxe_origin {
	const struct dhcp_answer *answer;
	const struct dhcp_identity *who;        /* as we asked */
	const struct dhcp_lease *lease;
	uint32_t server;                        /* where the program came from, */
	const char *file;                       /* and its name there */
};

/* The relay that handed the ACK on, or 0. */
uint32_t pxe_dhcp_relay(const struct dhcp_answer *answer);
void     pxe_dhcp_packets(struct pxe_cached *c, const struct pxe_origin *o, uint8_t room[DHCP_SIZE_MAX]);
#endif
