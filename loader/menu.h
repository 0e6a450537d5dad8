/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LOADER_MENU_H
#define LOADER_MENU_H
/*
 * One screen for every choice: the PXE menu of a boot server, the disks of a provisioning server.
 *
 *     menu_init(&m, "Boot menu of 10.0.0.1")
 *     menu_add(&m, number, text)                      each entry; its number is its owner's
 *     menu_draw(&m, port, seconds_left)               again after each key and each second; 0: no countdown
 *     menu_key(&m, key)                               true: Enter; menu_marked(&m)->number is chosen
 *
 * The screen is plain lines of at most 79 columns, each as long as the last time, so that it can be written over
 * once the cursor is above it (port.h, cursor_up). A screen that only goes down gets one line for each change of the
 * mark. Up, Down, Home, End move the mark; digits move it to their entry, "12" to the twelfth. Esc is not the menu's:
 * whoever waits for keys gives up the boot with it.
 */
#include "loader/port.h"

enum {
	MENU_ITEMS_MAX = 22,            /* a screen has 25 lines: these, title, keys, and where the cursor waits */
	MENU_TEXT_MAX  = 70,
};

struct menu_item { unsigned number; char text[MENU_TEXT_MAX + 1]; };

struct menu {
	char     title[MENU_TEXT_MAX + 1];
	struct menu_item items[MENU_ITEMS_MAX];
	unsigned count, marked;         /* marked: an index */
	unsigned typed;                 /* digits so far, as a number; 0: none */
	bool     is_drawn;              /* the cursor stands below it */
	unsigned drawn_mark, drawn_s;
};

void menu_init(struct menu *m, const char *title);
/* False: there is no more room, and the rest of a hostile list is left. The text is cut. */
bool menu_add(struct menu *m, unsigned number, const char *text);
void menu_draw(struct menu *m, struct port *port, unsigned seconds_left);
bool menu_key(struct menu *m, int key);

static inline const struct menu_item *menu_marked(const struct menu *m) { return &m->items[m->marked]; }
#endif
