/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef DRIVER_LEASE_H
#define DRIVER_LEASE_H
/*
 * The firmware's DHCP lease, kept alive for as long as the root hangs on its address.
 *
 *     lease_resume(&l, &kmsg, &handover, now)      false: there is none to keep; do not go on
 *     lease_open(&l, &card)                        its socket, bound to the card
 *     every turn:  lease_rx(&l, now);  lease_tx(&l, now);   and poll l.udp, until lease_wake_at(&l)
 *
 * The server hears the client it knows: same MAC, client id, UUID and classes.
 * A lease that is lost is told once, asked for again for ever, and told when it
 * is back. The address stays on the card all the time. A struct of zeros with
 * udp -1 keeps nothing: all but lease_open may be called.
 */
#include "driver/card.h"
#include "netstack/dhcp.h"
#include "netstack/wire/handover.h"

struct lease {
	struct kmsg *kmsg;                      /* NULL: nothing to keep */
	int          udp;                       /* -1: none */
	struct dhcp  dhcp;
	enum dhcp_status told;                  /* BOUND or LOST */
	uint8_t      room[DHCP_SIZE_MAX];       /* a datagram, in or out */
};

/* The block was written before this clock began: its times count from 0. */
bool lease_resume(struct lease *l, struct kmsg *k, const struct handover *h, usec now);
bool lease_open(struct lease *l, const struct card *card);

void lease_rx(struct lease *l, usec now);
void lease_tx(struct lease *l, usec now);
usec lease_wake_at(const struct lease *l);

/* What those two do but for the socket. */
void lease_hear(struct lease *l, usec now, uint32_t from, struct rd datagram);
bool lease_say(struct lease *l, usec now, struct wr *w, struct flow *flow);
#endif
