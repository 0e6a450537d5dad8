/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef SERVER_LOOP_H
#define SERVER_LOOP_H
/*
 * One event loop: a thread with a socket of its own, between the kernel and server_rx().
 *
 * All loops are bound to one port (SO_REUSEPORT); the kernel spreads the clients over them. A loop
 * takes up to LOOP_BATCH datagrams at a time and sends the replies of all of them together.
 */
#include <pthread.h>
#include "server/outbox.h"

enum { LOOP_BATCH = 64, LOOP_DATAGRAM_BYTES = 9216 };

struct loop {
	struct server *server;
	struct outbox  box;
	int            fd;
	pthread_t      thread;
	uint8_t       *datagrams;       /* LOOP_BATCH of LOOP_DATAGRAM_BYTES */
	usec           trouble_told;
	_Atomic uint64_t reads;         /* so far; for whoever waits for silence */
	_Atomic bool   stop;
};

/* The time of server_rx(): microseconds since 1970. */
usec loop_now(void);

/* Starts the thread, which owns fd from then on. False: no memory or no thread. */
bool loop_start(struct loop *loop, struct server *server, int fd, bool gso);
/* Tells it to stop, which takes it up to SOCKET_WAIT_MS; first tell all loops, then wait for them. */
void loop_tell_stop(struct loop *loop);
/* Waits until it has. */
void loop_end(struct loop *loop);
#endif
