/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_DHCP_ANSWER_H
#define NETSTACK_DHCP_ANSWER_H
/*
 * The network's answer as it came, for a program that is started in our place and reads what DHCP said from packets
 * (UEFI 24.3, PXE_BASE_CODE's Mode): it finds options there that no struct dhcp_lease has.
 *
 *     struct dhcp_answer a = { 0 };
 *     dhcp_rx(&d, now, &in);  dhcp_answer_note(&a, &d, in.payload);      each datagram for port 68
 *     size = dhcp_answer_ack(&a, &lease, server, file, room);            the ACK for that program
 *     a.proxy                                  the proxy's offer as it came; it counts if lease.proxy names one
 *     dhcp_answer_note_server(&a, payload);  a.server                    the boot server's answer, if one was asked
 *
 * Kept are the ACK that the lease was made from, and the offer of the best proxy that said what to boot. A renewal
 * brings time, no other answer, and is not kept. The ACK is given with server and file where the program really came
 * from, whoever said so (siaddr, option 66, a proxy); its other options, xid and giaddr are as they came.
 * What was too long to be kept, does not fit any more, or came as BOOTP, is made anew of what the lease knows.
 */
#include "netstack/dhcp.h"

struct dhcp_answer_packet {
	size_t  size;                   /* 0: there is none */
	uint8_t bytes[DHCP_SIZE_MAX];   /* 0 behind it */
};

struct dhcp_answer {
	uint32_t xid;                   /* of the DISCOVER that was answered, */
	uint8_t  mac[6];                /* and whose it was */
	struct dhcp_answer_packet ack, proxy, server;
};

/*
 * After dhcp_rx() has judged it; what was not for this client, or not taken, changes nothing. Reads what is private to
 * the client (its offers, and the packet it has just read).
 */
void   dhcp_answer_note(struct dhcp_answer *a, const struct dhcp *d, struct rd packet);

/* What netstack/pxe_boot.h took. A new DISCOVER's answers make it forgotten. */
void   dhcp_answer_note_server(struct dhcp_answer *a, struct rd packet);

/* Its size; the room behind it is 0. */
size_t dhcp_answer_ack(const struct dhcp_answer *a, const struct dhcp_lease *l, uint32_t server, const char *file,
                       uint8_t room[DHCP_SIZE_MAX]);
#endif
