/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_DHCP_MESSAGE_H
#define NETSTACK_DHCP_MESSAGE_H
/*
 * What the client says, and to whom: RFC 2131's tables 4 and 5, from the state it is in. Private to the client.
 *
 * docs/dhcp.md has them as one table, which dhcp_message_test holds against what is sent.
 */
#include "netstack/dhcp.h"

/* Writes it, and notes when. Who is asked, and for what, follows from type and d->state. */
void dhcp_message_write(struct dhcp *d, usec now, enum dhcp_type type, struct wr *w, struct flow *flow);
#endif
