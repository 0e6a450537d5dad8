/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_STREAM_H
#define NETSTACK_STREAM_H
/*
 * Blocks by UDP: the client end of docs/protocol.md, chapters 5 to 7.
 *
 *     stream_init(&s, &config, &grant, log, now, seed);
 *     id = stream_want(&s, now, offset, length, into);   up to STREAM_REQUESTS_MAX under way
 *     the five verbs
 *     stream_take(&s, id) == STREAM_READY                the bytes are in `into`; the place is free again
 *
 * The caller owns `into` and leaves it alone until the request was taken or
 * dropped. Data is copied once, from the frame to `into`. Requests are asked
 * for in the order they were wanted (demand before read-ahead), never more
 * datagrams at once than the window; what is lost is asked for again,
 * selectively; a silent server is left for the next one (M28-M30). The stream
 * keeps its ticket fresh by itself, with a login of its own, and a firmware's
 * session is carried on by a driver that was given its grant.
 */
#include "netstack/login.h"

enum {
	STREAM_REQUESTS_MAX     = 16,
	STREAM_REQUEST_BYTES_MAX = 64 * 1024,
};

enum stream_want_state { STREAM_FREE, STREAM_UNDER_WAY, STREAM_READY, STREAM_IO_ERROR, STREAM_BAD_RANGE };
enum stream_status {
	STREAM_FLOWING,         /* all is well, or nothing is asked */
	STREAM_QUIET,           /* something is asked and nobody has answered for a second */
	STREAM_REFUSED,         /* no server serves this content any more; s.denied says why; goes on asking */
};

/* Figures of a session; handed to the driver, sent to the server, shown to the user. */
struct stream_counters {
	uint64_t bytes;
	uint32_t requests, requests_again, segments_again;
	uint32_t rtt_us;                        /* smoothed */
	uint32_t failovers, logins;
	uint32_t dropped_malformed, dropped_check, dropped_foreign, dropped_late, dropped_duplicate;
	uint32_t io_errors;
};

struct stream_config {
	struct login_who who;                   /* for logging in again */
	uint8_t  stage_flag;                    /* STREAM_DRIVER or 0 */
	uint16_t window_max;                    /* datagrams the card can hold */
	uint16_t segment_max;                   /* bytes of data that fit the path's MTU */
	uint32_t first_request;                 /* a resumed session goes on from here */
};

struct stream_request {
	enum stream_want_state state;
	uint32_t number;
	uint8_t  generation;
	bool     ahead;
	uint64_t offset;
	uint32_t length;
	uint16_t segment;
	uint8_t *into;
	uint64_t missing;                       /* segments that have not come */
	uint64_t under_way;                     /* of those: asked for and not given up */
	unsigned newer_arrivals;                /* evidence that what is missing was lost */
	bool     asked_again_early;
	usec     asked_at, due, wait;
	unsigned failures;
};

struct stream {
	struct log *log;
	struct stream_config config;
	struct login_grant   grant;
	struct login         login;             /* beside the reads: refreshing the ticket */
	bool     login_busy;
	struct stream_request requests[STREAM_REQUESTS_MAX];
	uint32_t next_request;
	unsigned window, window_credit, under_way;      /* datagrams */
	usec     srtt, rttvar;
	usec     last_heard, asked_since;
	unsigned server;                        /* index into grant.servers */
	enum stream_status status;
	struct login_denial denied;
	struct stream_counters counters;
	uint64_t random;
};

void stream_init(struct stream *s, const struct stream_config *config, const struct login_grant *grant,
                 struct log *log, usec now, uint64_t seed);

/*
 * Asks for length bytes at offset, both multiples of 512, length up to
 * STREAM_REQUEST_BYTES_MAX. -1: no place is free.
 */
int  stream_want(struct stream *s, usec now, uint64_t offset, uint32_t length, uint8_t *into);
int  stream_want_ahead(struct stream *s, usec now, uint64_t offset, uint32_t length, uint8_t *into);
bool stream_hurry(struct stream *s, int id);            /* what was read-ahead is now waited for */
/* The state; READY, IO_ERROR and BAD_RANGE free the place. */
enum stream_want_state stream_take(struct stream *s, int id);
void stream_drop(struct stream *s, int id);             /* not wanted any more */

/* Tells the server where we are (Tstatus); sent once and again until answered, never blocks anything. */
void stream_report(struct stream *s, usec now, uint8_t step, const char *text);
/* Ends the session (Tbye). */
void stream_bye(struct stream *s, usec now, const char *why);

void stream_rx(struct stream *s, usec now, const struct stream_address *from, struct rd datagram);
bool stream_tx(struct stream *s, usec now, struct wr *w, struct stream_address *to);
usec stream_wake_at(const struct stream *s);
enum stream_status stream_status(const struct stream *s);
#endif
