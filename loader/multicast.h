/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LOADER_MULTICAST_H
#define LOADER_MULTICAST_H
/*
 * The program by multicast, where that was offered or configured, before it is fetched by unicast.
 *
 *     multicast_fetch(b, block_size)           turns the boot until it is there, or by unicast it must be
 *     multicast_rx(), _tx(), _wake_at()        the boot's pump calls these meanwhile
 *
 * MTFTP is tried where the answer that named the program has a group and ports for it (option 43, sub-options 1 to
 * 5); the multicast option of TFTP (RFC 2090) where the configuration block says so, and then alone: it makes a
 * transfer lock-step, so one machine by itself is faster without it.
 */
#include "netstack/igmp.h"
#include "netstack/mtftp.h"
#include "netstack/tftp_multicast.h"

struct boot;

enum multicast_end { MULTICAST_UNICAST, MULTICAST_FETCHED, MULTICAST_CANCELLED };

struct multicast {
	bool   has_mtftp, has_tftp;             /* they are turned; never both */
	bool   has_group_port;                  /* the group's of has_tftp was opened */
	struct igmp group;
	struct mtftp mtftp;
	struct tftp_multicast tftp;
};

/* MULTICAST_FETCHED: b->program_bytes of it are in the platform's room. */
enum multicast_end multicast_fetch(struct boot *b, uint16_t block_size);

bool multicast_is_for(const struct boot *b, uint16_t port);
void multicast_rx(struct boot *b, usec now, const struct datagram *d);
void multicast_tx(struct boot *b, usec now);
usec multicast_wake_at(const struct boot *b);
#endif
