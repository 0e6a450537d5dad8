/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef DRIVER_CARD_H
#define DRIVER_CARD_H
/*
 * The card the machine was started from, as Linux sees it: found by its MAC,
 * given the firmware's address again, and kept from whoever would take it away.
 */
#include <net/if.h>
#include "driver/kmsg.h"

struct card {
	char     name[IFNAMSIZ];                /* what Linux calls it; of a VLAN: the VLAN's interface */
	uint8_t  mac[6];
	unsigned mtu;                           /* as it is now */
};

struct card_address {
	uint32_t ip, router;                    /* host order; router 0: none */
	uint8_t  prefix;
	uint16_t mtu;                           /* 0: leave it */
	uint16_t vlan;                          /* 0: its frames have no tag */
	uint32_t dns[4];
	unsigned dns_count;
};

/* Waits until the card is there, for ever; says every ten seconds what it waits for. */
void card_wait(struct kmsg *k, struct card *card, const uint8_t mac[6]);

/* The card through which this address is reached; false: no route (the network is not configured). */
bool card_towards(struct card *card, uint32_t ip);

/* Up, in its VLAN, with this address and route; waits for the cable. False: the reason was logged. */
bool card_configure(struct kmsg *k, struct card *card, const struct card_address *address);

/* Whom somebody else has configured so. False: it is not in that VLAN, and that was logged. */
bool card_adopt(struct kmsg *k, struct card *card, uint16_t vlan);

/*
 * Files in /run that tell systemd-networkd and NetworkManager to leave the
 * card as it is: both would flush the address the root file system hangs on.
 */
void card_protect(struct kmsg *k, const struct card *card, const struct card_address *address);
#endif
