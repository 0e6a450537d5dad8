/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_WIRE_DHCP_NAME_H
#define NETSTACK_WIRE_DHCP_NAME_H
/* What people call a DHCP or BOOTP packet, whoever sent it: for packet logs, not to decide anything by. */
#include "lib/bytes.h"

/* "DHCPOFFER", "BOOTP reply"; NULL: it is none. */
const char *dhcp_name(struct rd packet);
#endif
