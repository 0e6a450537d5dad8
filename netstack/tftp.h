/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_TFTP_H
#define NETSTACK_TFTP_H
/*
 * One small file by TFTP: a program to chain (RFC 1350, 2347-2349, 7440).
 *
 *     tftp_init(&t, server_ip, "pxelinux.0", room, sizeof room, &profile, log, now, seed);
 *     the five verbs, as everywhere;  port t.port, another one for each transfer that is begun
 *     TFTP_DONE: t.received bytes are in room
 *
 * Blocks go straight into the caller's room; a file that does not fit fails
 * with TFTP_TOO_BIG. Options are asked for in one request and given up one by
 * one when a server cannot bear them: windowsize, then blksize, then all. A
 * window that is short for a server as far as this one is made larger, one
 * that does not fit between server and client (not one came whole) smaller,
 * and the file begun again: t.received is 0 then.
 * Who wants no more than the size (profile.size_only) gets TFTP_DONE as soon as
 * the server has answered, with t.has_size if it has said it; the transfer is
 * ended with an ERROR. One that answers otherwise ends with TFTP_FAILED.
 * TFTP_DONE comes with the last ACK; who keeps turning until tftp_wake_at says
 * NEVER answers a server that did not hear it (dally).
 *
 * Who takes a file block by block says so at once, with a window of one and a room for one:
 *
 *     tftp_pull(&t);                           right after tftp_init
 *     while (t.blocks == taken) turn           t.received bytes of the next one are in room; 0: the file ends there
 *     tftp_emptied(&t);                        he has taken it: only now the next turn asks for another one
 *     tftp_cancel(&t);                         the rest is not wanted: unless the last block was acknowledged, tftp_tx
 *                                              has an ERROR for the server
 */
#include "lib/random.h"
#include "netstack/net.h"
#include "netstack/tftp_ladder.h"
#include "netstack/tftp_pace.h"
#include "netstack/tftp_window.h"

enum tftp_status { TFTP_WORKING, TFTP_DONE, TFTP_FAILED };
enum tftp_failure {
	TFTP_NO_FAILURE, TFTP_OPEN_TIMEOUT /* E32 */, TFTP_READ_TIMEOUT /* E35 */, TFTP_NOT_FOUND /* E3B */,
	TFTP_ACCESS /* E3C */, TFTP_SERVER_ERROR /* E36 */, TFTP_TOO_BIG /* E79 */, TFTP_BAD_OPTION /* E3F */,
};

enum { TFTP_FILE_MAX = 256 };

enum tftp_ack { TFTP_ACK_NONE, TFTP_ACK_ANEW, TFTP_ACK_AGAIN };
enum tftp_state { TFTP_PROBING, TFTP_OPENING, TFTP_READING, TFTP_DALLYING, TFTP_ENDED };

struct tftp {
	size_t   received;              /* public: bytes in room */
	uint64_t size;                  /* public: what the server said, 0 if it did not; which of both is said by */
	bool     has_size;              /* public */
	uint16_t port;                  /* public: ours, to be open before what tftp_tx wrote is sent */
	uint16_t server_port;           /* public: 69 unless it is set after tftp_init */
	uint32_t blocks;                /* public: taken into the room so far */
	enum tftp_failure failure;      /* public */
	char     error_text[64];        /* public: the server's, or ours */
	uint32_t malformed, foreign, ignored, retries;  /* public: packets dropped, and why; sent again */
	uint32_t pauses;                /* public: windows that ended in silence */
	unsigned narrowed;              /* public: begun again with a smaller window */

	uint32_t server;
	char     file[TFTP_FILE_MAX];
	uint8_t *room;
	size_t   room_size;
	bool     is_pulled;             /* the room is emptied after each block: */
	uint64_t emptied;               /* bytes that were in it */
	struct tftp_ladder ladder;      /* what is asked for */
	struct tftp_window window;      /* what was granted, and the blocks of it */
	struct tftp_pace pace;          /* how long to wait for them */
	struct log *log;
	struct random random;
	enum tftp_state state;
	uint16_t tid;                   /* the server's port; 0: not known */
	enum tftp_ack owed;
	bool     is_last;               /* the last block is in */
	enum tftp_error error_due;      /* to the server when has_error_due */
	bool     has_error_due;
	uint16_t old_port, old_tid;     /* of the transfer that it ends */
	uint32_t stranger_ip;           /* who gets ERROR 5, or 0 */
	uint16_t stranger_port;
	unsigned sends, repeats;        /* of what we said without an answer; of a block that the server sends again */
	usec     due;
};

void tftp_init(struct tftp *t, uint32_t server, const char *file, uint8_t *room, size_t room_size,
               const struct tftp_profile *profile, struct log *log, usec now, uint64_t seed);
void             tftp_rx(struct tftp *t, usec now, const struct datagram *in);
bool             tftp_tx(struct tftp *t, usec now, struct wr *w, struct flow *flow);
usec             tftp_wake_at(const struct tftp *t);
enum tftp_status tftp_status(const struct tftp *t);
/* Whether the server has begun, and so how long its blocks are: t->window.block_size. */
bool             tftp_is_granted(const struct tftp *t);

/*
 * Whether its server says by ICMP that nobody listens there (any more): there is nothing to wait for. Who has the last
 * block, but has not acknowledged it yet, waits for nothing anyway.
 */
static inline bool tftp_is_refused(const struct tftp *t, const struct net *n)
{
	const struct flow sent = { t->server, t->port, t->tid ? t->tid : t->server_port };

	return !t->is_last && net_is_refused(n, &sent);
}

void             tftp_cancel(struct tftp *t);

static inline void tftp_pull(struct tftp *t) { t->is_pulled = true; }

static inline void tftp_emptied(struct tftp *t)
{
	t->emptied += t->received;
	t->received = 0;
}
#endif
