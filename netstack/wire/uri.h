/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_WIRE_URI_H
#define NETSTACK_WIRE_URI_H
/*
 * rill://[server[:port][,server...]][/disk][?key=value...]
 *
 * The one way to say where a disk is: in the configuration block, in DHCP
 * options 17, 67 and 66, on the kernel's command line. Servers are IPv4
 * addresses; keys are separated by &. What is left out, others decide: no
 * server means the DHCP answer's, no disk means the server's choice.
 */
#include "lib/bytes.h"

enum { URI_SERVERS_MAX = 8, URI_DISK_MAX = 63 };

enum uri_verdict {
	URI_OK,
	URI_NOT_RILL,           /* not ours at all: a file name, http://..., empty */
	URI_NAME,               /* a server given by name: DNS is not supported yet */
	URI_BAD_SERVER, URI_BAD_PORT, URI_TOO_MANY_SERVERS,
	URI_BAD_DISK,           /* longer than 63 characters, or with characters no name has */
	URI_BAD_KEY,            /* a key we do not know, or a value that makes no sense */
};

struct uri_server { uint32_t ip; uint16_t port; };      /* host order */

struct uri {
	struct uri_server servers[URI_SERVERS_MAX];
	unsigned server_count;
	char     disk[URI_DISK_MAX + 1];
	uint32_t timeout_s;             /* ?timeout=: how long a read waits for a silent server; 0: for ever */
};

/* text ends with the reader. On failure *bad_at (may be NULL) is the offset of what is wrong. */
enum uri_verdict uri_read(struct rd text, struct uri *uri, size_t *bad_at);

/* What is wrong and how it would be right, for people. */
const char *uri_verdict_text(enum uri_verdict v);
#endif
