/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef SERVER_OUTBOX_H
#define SERVER_OUTBOX_H
/*
 * Replies on their way to the kernel: a struct server_out that batches.
 *
 *     outbox_to(&box, &client, &asked);               to whom, and from which of our addresses (M1)
 *     server_rx(..., &box.out);                       builds replies in the box, back to back
 *     outbox_flush(&box);                             after a batch of requests
 *
 * Datagrams of one length to one client (the last may be shorter) become one message, which the kernel or the card cuts
 * up (UDP_SEGMENT). Where that does not work for a message, its datagrams are sent one by one, and offload is
 * left alone for a while. What the socket does not take at once is lost, as datagrams may be; it is counted.
 */
#include <netinet/in.h>
#include <sys/socket.h>
#include "server/core.h"

enum {
	OUTBOX_BYTES       = 1 << 20,
	OUTBOX_MESSAGES    = 256,       /* at least twice STREAM_SEGMENTS_MAX, without offload one a datagram */
	OUTBOX_GSO_BYTES   = 65000,     /* of one message: IPv4's limit, with room for heads */
	OUTBOX_GSO_SEGMENTS = 64,       /* the kernel's UDP_MAX_SEGMENTS */
	OUTBOX_GSO_PAUSE_S = 60,
	OUTBOX_CONTROL     = 128,
};
_Static_assert(OUTBOX_BYTES >= (int)SERVER_ROOM_MAX, "one datagram's replies fit an empty box");

/* Where a datagram came from, or which of our addresses it was sent to. */
union outbox_address { struct sockaddr any; struct sockaddr_in v4; struct sockaddr_in6 v6; };
struct outbox_asked {
	int family;                     /* AF_UNSPEC: unknown */
	union { struct in_pktinfo v4; struct in6_pktinfo v6; } info;
};

struct outbox_message {
	union outbox_address to;
	struct outbox_asked  from;
	uint8_t *start;
	size_t   len;
	uint16_t segment;               /* of all its datagrams but the last */
	uint16_t count;
	bool     closed;                /* a shorter datagram ended it, or another request began */
};

struct outbox_counts { uint64_t messages, datagrams, one_by_one, lost, too_big; };

struct outbox {
	struct server_out out;          /* first: the way back from it */
	int  fd;
	int  (*sendmmsg)(int fd, struct mmsghdr *messages, unsigned count, int flags);  /* the kernel's, or a test's */
	bool gso;
	usec now, gso_again_at;         /* the caller sets now */
	uint8_t *buffer;
	size_t   used, room;            /* room: given to the server and not yet sent */
	union outbox_address to;
	struct outbox_asked  from;
	struct outbox_message messages[OUTBOX_MESSAGES];
	unsigned count;
	struct outbox_counts counts;
	int      trouble;               /* errno of a send that failed for good, for the log; the caller clears it */
};

/* False: no memory. */
bool outbox_open(struct outbox *box, int fd, bool gso);
void outbox_close(struct outbox *box);
void outbox_to(struct outbox *box, const union outbox_address *to, const struct outbox_asked *from);
void outbox_flush(struct outbox *box);
#endif
