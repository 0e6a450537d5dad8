/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef SIM_READING_H
#define SIM_READING_H
/* The whole state of one seed of reader.c, which trouble.c disturbs. */
#include "netstack/stream.h"
#include "sim/provider.h"
#include "sim/tally.h"

enum {
	READER = 0, SERVERS_MAX = 2,            /* nodes: the reader, then the servers */
	READ_BYTES = 1 << 20,                   /* a seed is done when so much was verified */
	TAKEN_KEPT = 32,                        /* buffers that are watched after they were taken */
	TROUBLES_MAX = 3,
	TUNNEL_BYTES = 1452,                    /* of UDP, in a tunnel of which nobody knows: an MTU of 1480 */
};
struct buffer { uint8_t *bytes; uint32_t len; };
struct place  { int id; bool is_used, is_ahead; struct buffer buffer; uint64_t offset; };

struct planned { uint64_t at_bytes; enum trouble what; };
struct pending { usec at; enum trouble what; unsigned server; };

struct reading {
	struct random random;
	usec   now, time_max, began;
	struct air air;
	struct provider servers[SERVERS_MAX];
	unsigned server_count;
	struct stream_address addresses[SERVERS_MAX];
	uint32_t ip;                            /* the reader's; packets carry it as their tag */
	uint16_t port;
	struct login  login;
	struct stream stream;
	bool   is_streaming;
	uint64_t image, key;
	struct planned planned[TROUBLES_MAX];
	unsigned planned_count;
	struct pending pending[TROUBLES_MAX * 2];
	unsigned pending_count;

	unsigned depth;
	bool     is_sequential, io_may_fail;
	uint64_t next_offset, done, goal;
	struct place  places[STREAM_REQUESTS_MAX];
	struct buffer taken[TAKEN_KEPT];
	unsigned taken_next;
	uint64_t data_lost, wanted_in_vain;     /* Rdata that did not arrive; segments of Treads that did not */
	struct tally *tally;
	char    *why;
	size_t   why_size;
	bool     failed;
};

/* Draws what will go wrong, and when (by progress, not by time: a fast line has its share, too). */
void trouble_plan(struct reading *r);
/* Begins and ends what is due; when the next one ends. */
usec trouble_turn(struct reading *r);
#endif
