/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_DHCP_LEASE_H
#define NETSTACK_DHCP_LEASE_H
/* What a DHCP packet offers, as a struct dhcp_lease. Private to dhcp.c. */
#include "netstack/dhcp.h"

/* All of it, from a packet that came from this address; the kind of PXE server that speaks so. */
enum dhcp_pxe_kind dhcp_lease_read(struct dhcp_lease *l, const struct dhcp_packet *p, uint32_t src_ip);

/* Whether it says what to boot: a file name, or a rill:// address. */
bool dhcp_lease_has_boot_data(const struct dhcp_lease *l);

/* Takes over what to boot, and from where, if the lease does not say it. */
void dhcp_lease_merge_boot_data(struct dhcp_lease *l, const struct dhcp_lease *from);
#endif
