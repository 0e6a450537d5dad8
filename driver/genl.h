/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef DRIVER_GENL_H
#define DRIVER_GENL_H
/*
 * Generic netlink messages for the kernel's nbd driver, as bytes and values.
 *
 *     wr_genl_family(&w, 1, "nbd")          ->  send, receive, rd_genl_reply: .family
 *     wr_genl_connect(&w, 2, family, &disk) ->  send, receive, rd_genl_reply: .index
 *
 * Netlink is in the machine's own byte order and pads to four bytes. nbd_kernel.c
 * does the talking.
 */
#include "lib/bytes.h"

enum { GENL_MESSAGE_MAX = 512, GENL_CONNECTIONS_MAX = 8 };

struct genl_disk {
	int      index;                         /* /dev/nbdINDEX; -1: the kernel chooses */
	uint64_t size;                          /* bytes */
	uint64_t block;                         /* logical block size */
	uint64_t flags;                         /* enum nbd_flag */
	uint64_t timeout_s;                     /* of a request; 0: none (only with one socket) */
	uint64_t dead_s;                        /* how long a disk without a socket waits for a new one */
	int      sockets[GENL_CONNECTIONS_MAX];
	unsigned socket_count;
};

struct genl_reply {
	bool     is_error, has_family, has_index;       /* error 0 with is_error: the kernel's acknowledgement */
	int      error;                                 /* a negative errno */
	uint32_t sequence;
	uint16_t family;
	uint32_t index;
};

void wr_genl_family(struct wr *w, uint32_t sequence, const char *name);
void wr_genl_connect(struct wr *w, uint32_t sequence, uint16_t family, const struct genl_disk *disk);
void wr_genl_disconnect(struct wr *w, uint32_t sequence, uint16_t family, uint32_t index);

/* The next message of a received buffer; false: no more, or nonsense (then the reader is bad). */
bool rd_genl_reply(struct rd *r, struct genl_reply *reply);
#endif
