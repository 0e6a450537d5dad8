/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_TFTP_H
#define NETSTACK_TFTP_H
/*
 * One small file by TFTP: a program to chain (RFC 1350, 2347-2349, 7440).
 *
 *     tftp_init(&t, server_ip, "pxelinux.0", room, sizeof room, &profile, log, now, seed);
 *     the five verbs, as everywhere;  port t.port
 *     TFTP_DONE: t.received bytes are in room
 *
 * Blocks go straight into the caller's room; a file that does not fit fails
 * with TFTP_TOO_BIG. Options are asked for in one request and given up one by
 * one when a server cannot bear them: windowsize, then blksize, then all.
 */
#include "netstack/net.h"
#include "netstack/wire/tftp.h"

enum { TFTP_SERVER_PORT = 69 };

enum tftp_status { TFTP_WORKING, TFTP_DONE, TFTP_FAILED };
enum tftp_failure {
	TFTP_NO_FAILURE, TFTP_OPEN_TIMEOUT /* E32 */, TFTP_READ_TIMEOUT /* E35 */, TFTP_NOT_FOUND /* E3B */,
	TFTP_ACCESS /* E3C */, TFTP_SERVER_ERROR /* E36 */, TFTP_TOO_BIG /* E3A */, TFTP_BAD_OPTION /* E3F */,
};

struct tftp_profile { uint16_t block_size, window; };

struct tftp;

void tftp_init(struct tftp *t, uint32_t server, const char *file, uint8_t *room, size_t room_size,
               const struct tftp_profile *profile, struct log *log, usec now, uint64_t seed);
void             tftp_rx(struct tftp *t, usec now, const struct datagram *in);
bool             tftp_tx(struct tftp *t, usec now, struct wr *w, struct flow *flow);
usec             tftp_wake_at(const struct tftp *t);
enum tftp_status tftp_status(const struct tftp *t);
#endif
