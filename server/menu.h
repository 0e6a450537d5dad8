/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef SERVER_MENU_H
#define SERVER_MENU_H
/* The disk menu, and which machines are shown it: all, or those of a pattern of MAC addresses. docs/server.md */
#include "netstack/wire/disk_menu.h"

enum { MENU_MACHINES_MAX = 64 };

/* A bit of the mask is 1 where the machine's must be the pattern's. */
struct mac_pattern { uint8_t mac[6], mask[6]; };

struct server_menu {
	struct disk_menu   shown;               /* count 0: there is none */
	struct mac_pattern machines[MENU_MACHINES_MAX];
	unsigned           machine_count;       /* 0: every machine */
};

/* "52:54:00:*:*:*" */
bool mac_pattern_parse(const char *text, struct mac_pattern *p);
/* M31: whether this Tlogin is answered with the menu. */
bool menu_is_for(const struct server_menu *m, const struct tlv_set *login);
#endif
