/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LOADER_PLAN_H
#define LOADER_PLAN_H
/*
 * What to boot (docs/boot-flow.md, step 5): the first of
 *
 *     a  the configuration block in the image
 *     b  rill:// in option 17, 67 or 66
 *     c  the boot file is a program that is not ourselves: chain it
 *     d  log in to siaddr, or to the server that offered, and let it choose the disk
 *
 * so that with any DHCP server one line, the boot file name, is enough.
 */
#include "loader/limits.h"
#include "netstack/wire/uri.h"
#include "netstack/dhcp.h"

enum plan_kind { PLAN_NONE, PLAN_DISK, PLAN_PROGRAM, PLAN_BAD_URI, PLAN_NO_SERVER };

struct plan_facts {
	const struct dhcp_lease *lease;
	const char *config_uri;         /* "": none */
	const char *booted_file;        /* what we were loaded as; "": unknown */
};

struct plan {
	enum plan_kind kind;
	const char *because;            /* for the screen: "option 17", "the configuration block" */
	struct uri  uri;                /* PLAN_DISK: always with a server */
	enum uri_verdict wrong;         /* PLAN_BAD_URI: what, and where in the text */
	size_t      wrong_at;
	uint32_t    tftp_server;        /* PLAN_PROGRAM */
	char        file[BOOT_FILE_MAX + 1];
};

void plan_make(struct plan *p, const struct plan_facts *facts);
/* The program turned out to be ourselves: d after all. */
void plan_instead_of_self(struct plan *p, const struct plan_facts *facts);
#endif
