/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_TFTP_MULTICAST_H
#define NETSTACK_TFTP_MULTICAST_H
/*
 * One file by multicast TFTP (RFC 2090): many machines, one transfer.
 *
 *     tftp_multicast_init(&m, server_ip, "vmlinuz", room, sizeof room, block_size, log, now, seed);
 *     the five verbs, as everywhere;  port m.port, and m.group_port once m.group is not 0
 *     when m.group is not 0: igmp_join() it, open m.group_port, then tftp_multicast_joined(&m, now, whether)
 *     TFTP_MULTICAST_DONE: m.blocks.bytes bytes are in room
 *     TFTP_MULTICAST_FAILED: m.why says why; netstack/tftp.h fetches the same file by unicast
 *
 * The server names one client the master: his ACKs ask for the blocks, which all hear. The others only listen, and
 * each becomes the master in his turn, by an OACK of his own, to ask for what he missed. Whoever has the whole file
 * says so by an ACK of the last block.
 *
 * Whatever does not work out is no error but a reason to fetch the file by unicast, whose errors are exact: a server
 * without the option, a file with more blocks than numbers, a group that cannot be joined, a master that died while
 * nobody took his place.
 *
 * windowsize (RFC 7440) is not asked for: an ACK here asks for one block, whichever, and a window has no such thing.
 * So each transfer is lock-step, and slower than unicast for one machine alone: it is for whoever asked for it.
 */
#include "lib/random.h"
#include "netstack/net.h"
#include "netstack/tftp_blocks.h"
#include "netstack/wire/tftp.h"

enum tftp_multicast_status { TFTP_MULTICAST_WORKING, TFTP_MULTICAST_DONE, TFTP_MULTICAST_FAILED };

enum tftp_multicast_state {
	MULTICAST_ASKING,
	MULTICAST_JOINING,      /* the owner is asked to */
	MULTICAST_LISTENING,    /* others ask for the blocks */
	MULTICAST_MASTER,
	MULTICAST_DALLYING,     /* all is there, and the server may not have heard it */
	MULTICAST_ENDED,
};

struct tftp_multicast {
	struct tftp_blocks blocks;      /* public: bytes */
	uint64_t size;                  /* public: what the server said, 0 if it did not */
	uint32_t group;                 /* public: 0 until the server names it */
	uint16_t port, group_port;      /* public: ours, to be opened by the owner */
	const char *why;                /* public: NULL, or what went wrong */
	uint32_t malformed, foreign, ignored, retries;  /* public: packets dropped, and why; sent again */

	uint32_t server;
	const char *file;
	struct log *log;
	struct random random;
	enum tftp_multicast_state state;
	bool     is_master, was_master; /* as the server last said; ever */
	bool     send_now, has_error_due;
	uint16_t tid;                   /* the server's port */
	bool     has_left;              /* it was told that we have it all */
	usec     due, wait;
	unsigned sends;
};

/* The file name must stay where it is. block_size: net_payload_max() - 4 at most. */
void tftp_multicast_init(struct tftp_multicast *m, uint32_t server, const char *file, uint8_t *room, size_t room_size,
                         uint16_t block_size, struct log *log, usec now, uint64_t seed);
void tftp_multicast_joined(struct tftp_multicast *m, usec now, bool is_in);
void tftp_multicast_rx(struct tftp_multicast *m, usec now, const struct datagram *in);
bool tftp_multicast_tx(struct tftp_multicast *m, usec now, struct wr *w, struct flow *flow);
usec tftp_multicast_wake_at(const struct tftp_multicast *m);
enum tftp_multicast_status tftp_multicast_status(const struct tftp_multicast *m);
#endif
