/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LOADER_PORT_H
#define LOADER_PORT_H
/*
 * What the loader needs from a platform at any time, besides a card: a clock, a screen, a key.
 * Each firmware/ makes one. What only a boot needs is in loader/platform.h.
 */
#include "lib/log.h"

/* Keys with a character are that character; the others stand above all characters. */
enum {
	KEY_NONE = 0, KEY_CTRL_C = 3, KEY_ENTER = 13, KEY_ESC = 27,
	KEY_UP = 256, KEY_DOWN, KEY_HOME, KEY_END, KEY_F2, KEY_F8,
};

struct port {
	usec (*now)(struct port *p);                    /* any time, also from interrupt 13h */
	uint64_t seed;                                  /* random once per start; differs between machines */
	struct log log;                                 /* screen and serial; discardable part only */
	int  (*key)(struct port *p);                    /* a key, or KEY_NONE at once; discardable part only */
	/* To the first column so many lines above, to write over them; discardable. NULL: the screen only goes down. */
	void (*cursor_up)(struct port *p, unsigned lines);
	void (*idle)(struct port *p, usec until);       /* nothing to do: may wait, must return when a frame comes
	                                                   or at `until`; returning at once is always right */
	void (*reboot)(struct port *p);
	uint8_t uuid[16];                               /* SMBIOS byte order; all 0 if unknown */
};
#endif
