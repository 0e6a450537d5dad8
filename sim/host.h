/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef SIM_HOST_H
#define SIM_HOST_H
/*
 * A server on the simulated Ethernet: a card, our stack on it, and on that a
 * provider and, if it is to give leases, a DHCP server.
 */
#include "sim/card.h"

/* What its DHCP server says. Without a root path: a boot file's name, and itself as the next server. */
struct host_offer { bool gives; uint32_t lease_s; const char *root_path; };
struct host_counts { uint64_t leases, data_sent, data_for_copies, data_unsent; };

struct host;

struct host *host_open(struct air *air, const usec *now, unsigned node, uint64_t image, uint64_t size, uint64_t key);
void host_close(struct host *h);
void host_offers(struct host *h, const struct host_offer *offer);
/* A frame for this host, and all it makes the host do; the host owns it now. */
void host_receive(struct host *h, struct air_packet *p);
/* Its provisioning server dies; and is started again, with this key. */
/* Its frames have the tag of this VLAN, and so must those for it. */
void host_enter_vlan(struct host *h, uint16_t vlan);
void host_stop(struct host *h);
void host_restart(struct host *h, uint64_t key);
struct host_counts host_count(const struct host *h);
#endif
