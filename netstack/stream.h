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
	STREAM_ENDED,           /* after stream_bye: the server knows, or had a second to hear of it */
};

/* Figures of a session; handed to the driver, sent to the server, shown to the user. */
struct stream_counters {
	uint64_t bytes;
	uint32_t requests, requests_again, segments, segments_again;
	uint32_t segments_early;                /* presumed lost without a time-out */
	uint32_t rtt_us;                        /* smoothed */
	uint32_t failovers, logins, timeouts;
	uint32_t dropped_malformed, dropped_check, dropped_foreign, dropped_late, dropped_duplicate;
	uint32_t io_errors;
};

struct stream_config {
	struct login_who who;                   /* for logging in again */
	uint8_t  stage_flag;                    /* STREAM_DRIVER or 0 */
	uint16_t window_first;                  /* datagrams to begin with: what the card surely holds; 0: 64 */
	uint16_t window_max;                    /* and at most */
	uint16_t segment_max;                   /* bytes of data that fit the path's MTU */
	uint32_t first_request;                 /* a resumed session goes on from here; 0: a random number */
};

struct stream_request {
	enum stream_want_state state;
	uint32_t number;
	uint8_t  generation;                    /* of the newest Tread */
	bool     ahead, asked_ahead;            /* wanted, and asked, as read-ahead */
	bool     is_sampled;                    /* a round trip was measured since the newest Tread */
	uint8_t  unmeasured;                    /* the generation of the first one since then, */
	usec     unmeasured_at;                 /* and when that was asked */
	bool     is_urgent;                     /* lost segments are not kept waiting for company */
	uint64_t offset;
	uint32_t length;
	uint16_t segment;
	uint8_t *into;
	uint64_t missing;                       /* segments that have not come */
	uint64_t under_way;                     /* of those: asked for and not given up */
	uint64_t asked;                         /* segments that were ever asked for */
	uint64_t presumed_lost;                 /* those asked for again without waiting for the time-out */
	uint64_t answered, unanswered;          /* by generation modulo 64: something came; counted as one loss */
	uint32_t order[STREAM_SEGMENTS_MAX];    /* when each was asked, in datagrams */
	uint32_t oldest;                        /* nothing under way was asked before this */
	uint8_t  newer[STREAM_SEGMENTS_MAX];    /* arrivals of what was asked later: evidence that this one was lost */
	uint8_t  asked_in[STREAM_SEGMENTS_MAX]; /* the generation that asked for each last */
	usec     asked_at, not_before, wait, jitter;
	unsigned io_errors;
};

/* How much may be under way, and how long an answer may take. */
struct stream_window {
	unsigned size, max;                     /* datagrams */
	bool     is_opening;                    /* nothing was lost yet: it doubles */
	bool     was_full;                      /* since it was judged last: else what arrived says nothing about it */
	unsigned arrived, lost;                 /* since it was judged last */
	unsigned reordering;                    /* later arrivals that mean a loss */
	usec     halved_at;                     /* what was asked before does not halve it again */
	usec     srtt, rttvar;                  /* 0: not measured */
};

/* The pings that tell how large a datagram may be. */
struct stream_size {
	uint16_t allowed;                       /* bytes of a segment, by card, configuration and server */
	uint32_t number;
	uint8_t  generation;
	usec     due, wait;
};

/* A Tstatus or Tbye that waits for its answer. */
struct stream_notice {
	bool     is_waiting;
	uint8_t  type, generation, step;
	uint32_t number;
	usec     due, wait, give_up;
	char     text[TLV_NAME_MAX + 1];
};

struct stream {
	struct log *log;
	struct stream_config config;
	struct login_grant   grant;
	struct login         login;             /* beside the reads: refreshing the ticket */
	bool     login_busy;
	usec     login_due, login_paced;        /* when to begin one; when it may send next while all is quiet */
	usec     login_begun;
	usec     refresh_at;                    /* half of the ticket's life */
	struct stream_request requests[STREAM_REQUESTS_MAX];
	unsigned in_use;                        /* that one and all behind it are free: most often all but the first */
	uint32_t next_request, order;
	unsigned probes_sent;                   /* since data came last */
	uint32_t probe_order;                   /* the first one's: when it or the next comes, all before it was lost */
	struct stream_window window;
	struct stream_size   size;              /* grant.segment: what requests are cut into now */
	unsigned under_way;                     /* datagrams */
	bool     is_waiting;                    /* something is asked; since when nobody answered: */
	usec     last_heard;                    /* anything that answers us */
	usec     waiting_since, last_data, last_ask, turned_at, moved_at;
	unsigned server;                        /* index into grant.servers */
	struct stream_notice report, bye;
	enum stream_status status;
	struct login_denial denied;
	struct stream_counters counters;
	struct random random;
};

void stream_init(struct stream *s, const struct stream_config *config, const struct login_grant *grant,
                 struct log *log, usec now, uint64_t seed);

/*
 * Asks for length bytes at offset, both multiples of 512, length up to
 * stream_request_bytes_max(). -1: no place is free. What lies beyond the
 * disk, or is longer, is BAD_RANGE at once.
 */
int  stream_want(struct stream *s, usec now, uint64_t offset, uint32_t length, uint8_t *into);
int  stream_want_ahead(struct stream *s, usec now, uint64_t offset, uint32_t length, uint8_t *into);
/* What one request may ask for: 64 KiB, or less where segments are small. */
uint32_t stream_request_bytes_max(const struct stream *s);
bool stream_hurry(struct stream *s, int id);            /* what was read-ahead is now waited for */
/* The state; READY, IO_ERROR and BAD_RANGE free the place. */
enum stream_want_state stream_take(struct stream *s, int id);
void stream_drop(struct stream *s, int id);             /* not wanted any more */

/* The machine has another address: the ticket is of the old one. Reads go on; a login is begun at once. */
void stream_moved(struct stream *s, usec now);
/* Tells the server where we are (Tstatus); sent once and again until answered, never blocks anything. */
void stream_report(struct stream *s, usec now, uint8_t step, const char *text);
/* Ends the session (Tbye); STREAM_ENDED within a second. */
void stream_bye(struct stream *s, usec now, const char *why);

void stream_rx(struct stream *s, usec now, const struct stream_address *from, struct rd datagram);
bool stream_tx(struct stream *s, usec now, struct wr *w, struct stream_address *to);
/* 0: there is something to send now. */
usec stream_wake_at(const struct stream *s);
enum stream_status stream_status(const struct stream *s);
#endif
