/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef SIM_PROVIDER_H
#define SIM_PROVIDER_H
/*
 * A provisioning server in a simulation: the real server's core over an image nobody stores.
 *
 * Its owner gives it datagrams and carries its replies away; it counts the
 * Rdata it sends, and those it sends only because the network doubled a Tread.
 */
#include "server/core.h"

struct provider {
	struct server     server;
	struct server_out out;
	struct disk       disk;
	struct disk      *table[1];
	uint64_t          image;                /* seed of the disk's bytes */
	bool              is_down, is_broken;   /* answers nothing; cannot read its disk */
	uint8_t          *room;
	size_t            room_left, room_at;
	uint64_t          data_sent, data_for_copies;
	bool              for_copy;             /* the Tread being answered had come before */
	uint8_t          *seen;                 /* one bit for each packet number that came */
	uint64_t          seen_bytes;
	void (*emit)(struct provider *p, const uint8_t *datagram, size_t len);
	void *who;                              /* emit's */
	unsigned node;
};

void provider_open(struct provider *p, uint64_t image, uint64_t size, uint64_t key);
void provider_close(struct provider *p);
/* Forgets its sessions, and has this key from now on. */
void provider_restart(struct provider *p, uint64_t key);
/* number: which packet of the network it came in. */
void provider_rx(struct provider *p, usec now, const struct stream_address *from, uint64_t number,
                 const uint8_t *datagram, size_t len);
#endif
