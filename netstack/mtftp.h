/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_MTFTP_H
#define NETSTACK_MTFTP_H
/*
 * One file by MTFTP, the multicast TFTP of PXE 2.1: the DHCP server names group, ports and times (option 43, 1 to 5).
 *
 *     igmp_join() how.ip, and open how.client_port
 *     mtftp_init(&m, server_ip, &how, "pxelinux.0", room, sizeof room, log, now, seed);
 *     the five verbs, as everywhere;  port m.port
 *     MTFTP_DONE: m.blocks.bytes bytes are in room
 *     MTFTP_FAILED: m.why says why; netstack/tftp.h fetches the same file by unicast
 *
 * A client listens first: for how.timeout_s, and where a transfer is going on, until it has been silent for
 * how.delay_s. Then it opens one of its own, from the client port, and asks for each block by an ACK of the one
 * before; everybody in the group hears them. So what was missed, because a client came late or a frame was lost,
 * comes with the next transfer, whoever opens it.
 *
 * No option is negotiated, and blocks have 512 bytes. Longer ones are a transfer of somebody who negotiated: then,
 * as with whatever else does not work out, the file is fetched by unicast.
 */
#include "lib/random.h"
#include "netstack/net.h"
#include "netstack/tftp_blocks.h"
#include "netstack/wire/pxe.h"
#include "netstack/wire/tftp.h"

enum mtftp_status { MTFTP_WORKING, MTFTP_DONE, MTFTP_FAILED };

enum mtftp_state {
	MTFTP_LISTENING,
	MTFTP_OPENING,
	MTFTP_READING,          /* the transfer is ours */
	MTFTP_DALLYING,         /* all is there, and the server may not have heard it */
	MTFTP_ENDED,
};

struct mtftp {
	struct tftp_blocks blocks;      /* public: bytes */
	const char *why;                /* public: NULL, or what went wrong */
	unsigned opened;                /* public: transfers of our own */
	uint32_t malformed, foreign, ignored, retries;  /* public: packets dropped, and why; sent again */
	uint16_t port;                  /* public: how.client_port */

	uint32_t server;
	struct pxe_mtftp how;
	const char *file;
	struct log *log;
	struct random random;
	enum mtftp_state state;
	uint16_t acked;                 /* the last block of our transfer */
	uint16_t tid;                   /* the server's port for it */
	uint16_t first_tid;             /* of the transfer that brought the first block, whoever's it was */
	bool     is_mixed;              /* and another one brought some, too */
	bool     send_now, has_error_due;
	usec     due, wait;
	unsigned sends;
};

/* Whether that is enough to try: a group and two ports. */
bool mtftp_is_offered(const struct pxe_mtftp *how);

/* The file name must stay where it is. */
void mtftp_init(struct mtftp *m, uint32_t server, const struct pxe_mtftp *how, const char *file, uint8_t *room,
                size_t room_size, struct log *log, usec now, uint64_t seed);
void mtftp_rx(struct mtftp *m, usec now, const struct datagram *in);
bool mtftp_tx(struct mtftp *m, usec now, struct wr *w, struct flow *flow);
usec mtftp_wake_at(const struct mtftp *m);
enum mtftp_status mtftp_status(const struct mtftp *m);
#endif
