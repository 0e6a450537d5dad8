/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef SIM_AIR_H
#define SIM_AIR_H
/*
 * The bad network between the parties of a simulation: everything they send goes through here.
 *
 * It loses, doubles, delays, reorders, flips a bit, cuts short, and has a rate
 * and a finite queue in each direction. What it does is drawn from the seed
 * and counted, packet by packet. Time is an argument.
 */
#include "lib/random.h"

enum { AIR_NODES = 5, AIR_BYTES_MAX = 9100 };

/* Chances in 1/1000. */
struct air_weather {
	unsigned lose, duplicate, reorder, corrupt, truncate;
	usec     delay, jitter, reorder_by;
	uint32_t ns_per_byte;                   /* 0: no rate */
	unsigned queue_max;                     /* packets that wait for the wire; 0: any number */
	size_t   bytes_max;                     /* of a packet; longer ones never arrive; 0: any */
};

struct air_packet {
	usec     at;
	uint64_t number;                        /* in the order they were sent */
	unsigned from, to;
	bool     is_copy;                       /* the network made it: its sender sent one */
	bool     is_damaged;
	uint32_t tag;                           /* whatever the sender wants to find again */
	size_t   len;
	uint8_t  bytes[];
};

struct air_counts {
	uint64_t sent, arrived, lost, duplicated, reordered, delayed, corrupted, truncated, overflowed, too_long;
};

struct air {
	struct random random;
	struct air_weather weather;
	bool     is_cut[AIR_NODES];             /* nothing goes in or out there */
	uint64_t wire_free_ns[AIR_NODES][AIR_NODES];
	uint64_t newest[AIR_NODES][AIR_NODES];  /* number of the newest arrival, to see reordering */
	struct air_packet **heap;
	size_t   count, room;
	uint64_t number;
	struct air_counts counts;
	/* Told of each packet that will not arrive as it was sent: it was lost, or arrives damaged. */
	void   (*on_harm)(void *who, unsigned from, uint32_t tag, const uint8_t *bytes, size_t len);
	void    *who;
};

void air_init(struct air *a, const struct air_weather *weather, uint64_t seed);
void air_free(struct air *a);
void air_send(struct air *a, usec now, unsigned from, unsigned to, uint32_t tag, const void *bytes, size_t len);
/* When the next packet arrives; NEVER: none is under way. */
usec air_next(const struct air *a);
/* The next packet if it is due; the caller frees it. NULL: none. */
struct air_packet *air_take(struct air *a, usec now);
#endif
