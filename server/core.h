/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef SERVER_CORE_H
#define SERVER_CORE_H
/*
 * The server of docs/protocol.md without any I/O: a datagram goes in, replies come out.
 *
 * No socket, clock or global is in here: time, keys, disks and the way out are arguments, so that rilld, the
 * simulator and the fuzzers run the same code. Fill in a struct server, then call server_rx() for each
 * datagram, from as many threads as wanted, each with a struct server_out of its own. sodium_init() first.
 *
 *     core.c  which message it is; ping, status, bye      login.c  cookies, choice of disk, menu, Rlogin
 *     read.c  Tread -> Rdata                              ticket.c session.c journal.c  see their headers
 */
#include "server/disk.h"
#include "server/journal.h"
#include "server/menu.h"
#include "server/session.h"
#include "server/ticket.h"

enum { SERVER_WINDOW = 256, SERVER_EXPIRES_S = 3600, SERVER_BUSY_MS = 2000 };

/* Constant while datagrams are handled, but for draining. */
struct server {
	struct ticket_key key;
	struct disk     **disks;
	unsigned          disk_count;
	struct disk      *default_disk;         /* NULL: none */
	struct server_menu menu;                /* for machines that name no disk and whose user may choose */
	bool              redirects;            /* every login is sent to redirect */
	struct stream_address redirect;
	uint16_t          window;               /* what Rlogin says; 0: SERVER_WINDOW */
	uint32_t          expires_s;            /* life of a ticket; 0: SERVER_EXPIRES_S */
	struct sessions  *sessions;
	struct journal   *journal;              /* NULL: silence */
	_Atomic bool      draining;             /* no more logins; replies tell it */
};

struct server_counts {
	uint64_t received, dropped;             /* datagrams; those that M5, M10, M11, M19 drop */
	uint64_t cookies, logins, menus, denied, turned_away;   /* turned away: Rbusy, Rredirect */
	uint64_t reads, continued, data, data_bytes, errors;    /* continued: reads of generation > 0 */
};

/*
 * Where the replies of one datagram go: to whom it came from. Replies are built in place and back to back, so that
 * a caller with segmentation offload can send a burst in one piece.
 */
struct server_out {
	/* Room for len bytes; NULL: none, then nothing is sent. What was not sent of the last room is given back. */
	uint8_t *(*room)(struct server_out *out, size_t len);
	/* The next len bytes of the room are a datagram. */
	void     (*send)(struct server_out *out, size_t len);
	struct server_counts counts;
};

/* The most room one datagram's replies can need. */
enum { SERVER_ROOM_MAX = STREAM_SEGMENTS_MAX * (STREAM_DATA_HEAD_BYTES + STREAM_SEGMENT_BYTES_MAX) };

/* now: microseconds since 1970; tickets, cookies and log lines are made from it. It may jump. */
void server_rx(struct server *server, usec now, const struct stream_address *from, struct rd datagram,
               struct server_out *out);

/* Once a second: log lines of sessions that are due. At the end: one of each that is left. */
void server_tick(struct server *server, usec now);
void server_farewell(struct server *server, usec now);

/* What the files of the core share. One datagram being answered: */
struct server_call {
	struct server     *server;
	usec               now;
	const struct stream_address *from;
	struct stream_head head;                /* of the T message */
	struct rd          body;
	size_t             datagram_len;
	struct server_out *out;
};

/* A reply without data. The writer begins behind the head. */
struct server_reply {
	uint8_t   bytes[STREAM_MESSAGE_BYTES_MAX];
	struct wr w;
};

struct stream_head server_reply_head(const struct server_call *c, enum stream_type type);
void server_reply_begin(struct server_reply *r, const struct stream_head *head);
void server_reply_send(struct server_reply *r, const struct server_call *c);
void server_send_error(const struct server_call *c, enum stream_error code);
/* Notes a datagram of a session and logs what it changed. bytes: of data sent. */
void server_note(const struct server_call *c, const char *disk, struct session_news news);
uint32_t server_now_s(const struct server_call *c);

/* One message each; false: it is malformed, and dropped. */
bool login_answer(const struct server_call *c);
bool read_answer(const struct server_call *c);
#endif
