/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef DRIVER_EXPORT_H
#define DRIVER_EXPORT_H
/*
 * The streamed disk as the kernel's nbd driver sees it: requests come in over
 * the sockets, become reads of the stream, and go back as replies.
 *
 *     export_init(&e, &kmsg, &stream, size, sockets, count);
 *     every turn:  export_turn(&e, now)        false: the kernel has let go of the disk
 *                  export_poll_events(&e, i)   what to wait for on socket i
 *
 * A request is a job. Each job is read in parts that fit the stream, in the
 * order in which jobs arrived; replies leave as they are complete. When all
 * jobs are taken, nothing more is read from the sockets, and the kernel waits.
 */
#include "driver/kmsg.h"
#include "driver/nbd.h"
#include "netstack/stream.h"

enum {
	EXPORT_JOBS      = STREAM_REQUESTS_MAX,
	EXPORT_JOB_BYTES = 128 * 1024,          /* what nbd asks for at most, see nbd_kernel.c */
	EXPORT_CONNECTIONS_MAX = 4,
};

enum export_job_state { EXPORT_JOB_FREE, EXPORT_JOB_READING, EXPORT_JOB_DONE };

struct export_job {
	enum export_job_state state;
	unsigned connection;
	uint64_t number;                        /* in order of arrival */
	uint64_t cookie, offset;
	uint32_t length, asked;                 /* bytes; asked of the stream so far */
	unsigned parts;                         /* of those, under way */
	enum nbd_error error;
	uint8_t  head[NBD_REPLY_BYTES];
	uint8_t *bytes;                         /* room, or more if that is too small */
	uint8_t  room[EXPORT_JOB_BYTES];
};

struct export_connection {
	int      socket;                        /* -1: closed */
	uint8_t  in[NBD_REQUEST_BYTES];
	size_t   in_len;
	uint64_t discard;                       /* bytes of a refused WRITE still to come */
	struct export_job *sending;
	size_t   sent;
};

struct export {
	struct kmsg   *kmsg;
	struct stream *stream;
	uint64_t size;
	struct export_connection connections[EXPORT_CONNECTIONS_MAX];
	unsigned connection_count;
	struct export_job  jobs[EXPORT_JOBS];
	struct export_job *owner[STREAM_REQUESTS_MAX];          /* whose part a stream request is */
	uint64_t next_number;
	uint64_t requests, errors;
};

void  export_init(struct export *e, struct kmsg *k, struct stream *s, uint64_t size,
                  const int *sockets, unsigned count);
bool  export_turn(struct export *e, usec now);
short export_poll_events(const struct export *e, unsigned connection);
/* What poll() said of it. A kernel that has gone is noticed so even when no job is free to read its last words. */
void  export_polled(struct export *e, unsigned connection, short events);
#endif
