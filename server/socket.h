/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef SERVER_SOCKET_H
#define SERVER_SOCKET_H
/* The server's UDP sockets: bound, told which address was asked, "don't fragment", large buffers. */
#include "server/outbox.h"

enum { SOCKET_BUFFER_BYTES = 4 << 20, SOCKET_WAIT_MS = 100 };

/*
 * Opens one socket. where NULL: every address, IPv6 and IPv4. *where becomes what was bound (port 0 lets the
 * system choose). alone: no other socket may have the port yet. -1: *trouble is one line.
 */
int socket_open(struct stream_address *where, bool any, bool alone, char *trouble, size_t size);

/* What the kernel said about a datagram: who sent it, and to which of our addresses. */
struct stream_address socket_sender(const union outbox_address *from);
struct outbox_asked   socket_asked(struct msghdr *h);
#endif
