/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef DRIVER_OPTIONS_H
#define DRIVER_OPTIONS_H
/*
 * What rill-attach was asked to do: its own words and the kernel's command line.
 *
 *     options_init(&o);
 *     options_read_words(&o, argc, argv, wrong, sizeof wrong)  &&  options_read_kernel(&o, text of /proc/cmdline)
 *
 * The program's words win over the kernel's. docs/driver.md explains each.
 */
#include "lib/bytes.h"

enum { OPTIONS_TEXT_MAX = 255, OPTIONS_CONNECTIONS_MAX = 4 };

struct options {
	char        rill[OPTIONS_TEXT_MAX + 1]; /* "auto", "rill://...", "": the kernel's command line decides */
	const char *firmware;                   /* where the kernel shows the firmware's tables */
	const char *memory;                     /* where the hand-over block is looked for on BIOS */
	const char *home;                       /* run from a copy in this folder; NULL: from where we are */
	unsigned    connections;                /* sockets to the kernel's nbd driver */
	int         index;                      /* /dev/nbdINDEX; -1: the first free one */
	bool        foreground;
	bool        keep_network;               /* the card is configured already; leave it alone */
	bool        detach;                     /* let go of /dev/nbdINDEX and end */
	bool        help;
};

void options_init(struct options *o);

/* False: wrong holds one line for the user. */
bool options_read_words(struct options *o, int count, char *const *words, char *wrong, size_t wrong_size);

/* rill=... of /proc/cmdline; the last one counts, as the kernel's own options do. False: rill= is too long. */
bool options_read_kernel(struct options *o, struct rd text);
#endif
