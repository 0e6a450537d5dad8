/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_WIRE_PXE_H
#define NETSTACK_WIRE_PXE_H
/*
 * What PXE puts into DHCP's option 43: how to find a boot server, the menu, the prompt, multicast TFTP (PXE 2.1, 2.3).
 *
 *     if (pxe_parse(rd_over(lease->vendor, lease->vendor_len), &o))
 *             while (pxe_next_item(&o.menu, &item))           the menu, in its order
 *             while (pxe_next_servers(&o.servers, &s))        who serves which type
 *
 * pxe_parse() has walked menu and list to their ends: the two loops end there, too. Its readers see the caller's
 * bytes. A value of another length than its type has, or one that reaches out of the option, makes all of it
 * malformed: half a menu is not what its administrator wrote. Unknown sub-options are skipped, of repeated ones the
 * last counts.
 */
#include "lib/bytes.h"

enum pxe_tag {
	PXE_PAD = 0, PXE_MTFTP_IP = 1, PXE_MTFTP_CLIENT_PORT = 2, PXE_MTFTP_SERVER_PORT = 3, PXE_MTFTP_TIMEOUT = 4,
	PXE_MTFTP_DELAY = 5, PXE_DISCOVERY = 6, PXE_DISCOVERY_IP = 7, PXE_SERVERS = 8, PXE_MENU = 9,
	PXE_PROMPT = 10, PXE_CREDENTIALS = 12, PXE_ITEM = 71, PXE_END = 255,
};

/* Bits of the discovery control. */
enum { PXE_NO_BROADCAST = 1, PXE_NO_MULTICAST = 2, PXE_ONLY_LISTED = 4, PXE_NO_DISCOVERY = 8 };

enum {
	PXE_OPTION_MAX   = 255,
	PXE_WAIT_FOREVER = 255,         /* prompt: the menu at once, and no end to it; 0 is the first item at once */
	PXE_LOCAL_BOOT   = 0,           /* an item's type: the machine goes on with its next boot device */
	PXE_CREDENTIALS_WANTED = 0x8000,        /* in an item's layer */
};

/* Multicast TFTP; 0: not given. */
struct pxe_mtftp {
	uint32_t ip;
	uint16_t client_port, server_port;
	uint8_t  timeout_s, delay_s;
};

struct pxe_option {
	uint16_t has;                   /* bit n: sub-option n was there, 1 to 12 */
	bool     has_item;
	struct pxe_mtftp mtftp;
	uint8_t  discovery;             /* control bits */
	uint32_t discovery_ip;          /* multicast */
	struct rd servers, menu;        /* for pxe_next_servers(), pxe_next_item() */
	uint8_t  prompt_s;
	struct rd prompt;               /* text, for pxe_text() */
	struct rd credentials;          /* types, four bytes each */
	uint16_t item_type, item_layer; /* what is asked of a boot server, and what it answers to */
};

/* Who serves a type; no addresses: anybody who answers. */
struct pxe_servers { uint16_t type; struct rd addresses; };

struct pxe_menu_item { uint16_t type; struct rd text; };

/* False: malformed, and o is empty. */
bool pxe_parse(struct rd value, struct pxe_option *o);

/* The next of a list that pxe_parse() gave; false: there are no more. */
bool pxe_next_servers(struct rd *servers, struct pxe_servers *s);
bool pxe_next_item(struct rd *menu, struct pxe_menu_item *item);

/* For the screen: up to a NUL, cut to its room, what no screen can show as '?'. Its length. */
size_t pxe_text(struct rd text, char *room, size_t size);

/* The value of option 43, with what o has. */
void pxe_emit(struct wr *w, const struct pxe_option *o);

static inline bool pxe_has(const struct pxe_option *o, enum pxe_tag tag) { return o->has >> tag & 1; }

/* PXE 1.0 or later: it says how to find a boot server, sub-options 6 to 10. */
static inline bool pxe_has_discovery(const struct pxe_option *o) { return (o->has & 0x07c0) != 0; }

/* Multicast TFTP, sub-options 1 to 5. */
static inline bool pxe_has_mtftp(const struct pxe_option *o) { return (o->has & 0x003e) != 0; }
#endif
