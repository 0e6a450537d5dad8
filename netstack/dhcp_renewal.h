/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_DHCP_RENEWAL_H
#define NETSTACK_DHCP_RENEWAL_H
/*
 * A lease from when it is given until it is lost (RFC 2131 4.4.5). Private to the client.
 *
 * At T1 its server is asked for more time, from T2 on any server, and when it ends it is lost: half of what is left
 * lies between two questions, but not less than a minute, or a sixteenth of a lease that is short.
 */
#include "netstack/dhcp.h"

/* d->lease is ours now, from the moment it was asked for. */
void dhcp_renewal_begin(struct dhcp *d);

/* What there is to ask now; DHCP_BOOTP: nothing. */
enum dhcp_type dhcp_renewal_ask(struct dhcp *d, usec now);

/* An ACK, or a NAK, whose text is d->incoming. */
void dhcp_renewal_ack(struct dhcp *d, usec now);
void dhcp_renewal_nak(struct dhcp *d, usec now);
#endif
