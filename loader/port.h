/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LOADER_PORT_H
#define LOADER_PORT_H
/*
 * What the loader needs from a platform besides a card: each firmware/ makes one.
 *
 * (style.md puts this in firmware/; it stands here because loader/ is the one
 * who asks, and nobody may include from firmware/.)
 */
#include "lib/log.h"

enum { KEY_NONE = 0, KEY_ESC = 27 };

struct port {
	usec (*now)(struct port *p);                    /* any time, also from interrupt 13h */
	uint64_t seed;                                  /* random once per start; differs between machines */
	struct log log;                                 /* screen and serial; discardable part only */
	int  (*key)(struct port *p);                    /* a key, or KEY_NONE at once; discardable part only */
	void (*idle)(struct port *p, usec until);       /* nothing to do: may wait, must return when a frame comes
	                                                   or at `until`; returning at once is always right */
	void (*reboot)(struct port *p);
	uint8_t uuid[16];                               /* SMBIOS byte order; all 0 if unknown */
};
#endif
