/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef DRIVER_CARD_VLAN_H
#define DRIVER_CARD_VLAN_H
/*
 * The VLAN in which the firmware read the disk: in Linux an interface of its own on the card, whose frames carry the
 * tag, and which has the card's MAC.
 *
 *     card_vlan_enter(&kmsg, card.name, 7, card.name)         made, or the one that is there already
 *     card_vlan_find(&kmsg, card.name, 7, card.name)          the one that somebody else made
 *
 * By 8021q's ioctl, as addresses and routes are set by theirs. The kernel loads the module by itself if it can. False:
 * why was logged, with the cure, and the name is as it was.
 */
#include <net/if.h>
#include "driver/kmsg.h"

bool card_vlan_enter(struct kmsg *k, const char *card, uint16_t id, char name[IFNAMSIZ]);
bool card_vlan_find(struct kmsg *k, const char *card, uint16_t id, char name[IFNAMSIZ]);
#endif
