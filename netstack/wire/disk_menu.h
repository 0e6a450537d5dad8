/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_WIRE_DISK_MENU_H
#define NETSTACK_WIRE_DISK_MENU_H
/*
 * The disks among which a server lets the user choose: what an Rdeny with reason CHOOSE says
 * (docs/protocol.md, chapter 4).
 *
 *     wr_disk_menu(&w, &menu)         MENU, CHOICE and WAIT_MS; REASON and TEXT are the caller's
 *     rd_disk_menu(body, &menu)       of the Rdeny; false: there is no menu in it, or it is malformed
 *
 * What was read is fit for a screen: no control characters, each entry has a name and a title, one is marked.
 */
#include "netstack/wire/tlv.h"

enum {
	DISK_MENU_TITLE_MAX = 48,       /* nine entries and what stands beside them fit in 1200 bytes (M2) */
	DISK_MENU_SECONDS_MAX = 3600,
};

struct disk_menu_entry { char name[TLV_NAME_MAX + 1], title[TLV_MENU_BYTES_MAX]; };

struct disk_menu {
	struct disk_menu_entry entries[TLV_MENU_MAX];
	unsigned count;                 /* 0: no menu */
	unsigned marked;                /* an index */
	unsigned seconds;               /* then the marked one is taken; 0: never */
};

void wr_disk_menu(struct wr *w, const struct disk_menu *m);
bool rd_disk_menu(struct rd tlvs, struct disk_menu *m);
#endif
