/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_DHCP_LEASE_H
#define NETSTACK_DHCP_LEASE_H
/* What a DHCP packet offers, as a struct dhcp_lease. Private to the client. */
#include "netstack/dhcp.h"

/* All of it, from a packet that came from this address; the kind of PXE server that speaks so. */
enum dhcp_pxe_kind dhcp_lease_read(struct dhcp_lease *l, const struct dhcp_packet *p, uint32_t src_ip);

/* Whether it says what to boot: a file name, or a rill:// address. */
bool dhcp_lease_has_boot_data(const struct dhcp_lease *l);

/* Whether the packet had it. */
bool dhcp_lease_saw(const struct dhcp_lease *l, enum dhcp_option code);

/* Whether a host can have it: not 0, loopback, multicast or beyond. */
bool dhcp_lease_is_host(uint32_t ip);

/* Takes over how long it lasts, if that was said. */
void dhcp_lease_take_times(struct dhcp_lease *l, const struct dhcp_lease *from);

/* Takes over from the offer what the ACK left out: some servers answer in full only once. */
void dhcp_lease_complete(struct dhcp_lease *l, const struct dhcp_lease *offer);

/* Takes over what to boot, and from where, if the lease does not say it. */
void dhcp_lease_merge_boot_data(struct dhcp_lease *l, const struct dhcp_lease *from);
#endif
