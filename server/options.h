/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef SERVER_OPTIONS_H
#define SERVER_OPTIONS_H
/* rilld's command line as values. docs/server.md explains the options; options_help is what --help prints. */
#include "server/menu.h"

enum { OPTIONS_DISKS_MAX = 256, OPTIONS_THREADS_MAX = 64, OPTIONS_SESSIONS = 16384, OPTIONS_SESSIONS_MAX = 1000000,
       OPTIONS_MENU_WAIT_S = 10 };

enum options_action { OPTIONS_RUN, OPTIONS_HELP, OPTIONS_VERSION };

struct options {
	enum options_action action;
	struct { char name[TLV_NAME_MAX + 1]; const char *file; } disks[OPTIONS_DISKS_MAX];
	unsigned    disk_count;
	const char *default_name;               /* NULL: not given, and no menu */
	struct server_menu menu;
	struct stream_address listen, redirect;
	bool        listens, redirects;         /* whether given; without: every address, port 6910 */
	const char *key_file;                   /* NULL: a random key */
	bool        json, no_gso;
	unsigned    sessions_max;
	unsigned    threads;                    /* 0: one for each CPU */
};

extern const char options_help[];

/* False: *trouble is one line that names what is wrong and the cure. Strings of argv are kept. */
bool options_parse(int argc, char *const *argv, struct options *o, char *trouble, size_t size);

/* "192.0.2.1", "192.0.2.1:7000", "2001:db8::1", "[2001:db8::1]:7000", ":7000" (any address). */
bool options_address(const char *text, uint16_t default_port, struct stream_address *a);
#endif
