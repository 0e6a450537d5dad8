/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef SERVER_SESSION_H
#define SERVER_SESSION_H
/*
 * The sessions the server has heard of: for logs, figures and M17. Reading never needs them (M18): a session
 * that is not here, after a restart say, is simply noted again.
 *
 * A table of a fixed number of entries, in shards with a lock each, so that threads seldom meet. Every
 * function takes a shard's lock for itself and gives back copies; the caller writes log lines without a lock.
 */
#include "netstack/wire/stream.h"

struct session {
	uint64_t id;                    /* 0: a free slot */
	struct stream_address address;  /* where it was heard last */
	uint8_t  mac[6];
	bool     mac_known;             /* not for a session noted from its reads */
	uint8_t  stage;                 /* enum stream_stage */
	bool     quiet;                 /* it was said that nothing is heard */
	char     disk[64];
	uint64_t bytes[2];              /* read in stage firmware, driver */
	uint32_t reads, continued, errors;      /* requests; those of generation > 0; those answered by Rerror */
	uint64_t told_bytes;            /* bytes when progress was last told */
	usec     since, heard, told;
};
_Static_assert(sizeof(struct session) <= 1024, "a session costs at most 1 KiB");

struct sessions;

/* At most max sessions. salt: random, so that nobody can choose numbers that meet in one shard. NULL: no memory. */
struct sessions *sessions_open(unsigned max, uint64_t salt);
void             sessions_close(struct sessions *s);
unsigned         sessions_count(struct sessions *s);

enum session_verdict { SESSION_NEW, SESSION_KNOWN, SESSION_OTHER_MAC, SESSION_FULL };

/*
 * A login: `it` holds id, address, mac, stage, disk. NEW and KNOWN: it is noted, and `it` is
 * what is known now. The others change nothing.
 */
enum session_verdict sessions_login(struct sessions *s, usec now, struct session *it);

/* What one datagram of a session told. */
struct session_news {
	uint64_t id;
	const struct stream_address *from;
	uint8_t     stage;
	const char *disk;
	uint32_t    bytes;
	bool        read, continued, error;
};
enum session_change { SESSION_SAME = 0, SESSION_RESUMED = 1, SESSION_STAGE = 2, SESSION_MOVED = 4 };

/* Notes it; bits of enum session_change, and then `it` is a copy. A full table notes nothing. */
unsigned sessions_note(struct sessions *s, usec now, const struct session_news *news, struct session *it);

/* Forgets a session; false: it was not known. */
bool sessions_end(struct sessions *s, uint64_t id, struct session *it);

enum session_due { SESSION_NONE, SESSION_PROGRESS, SESSION_QUIET, SESSION_EXPIRED };
enum { SESSION_PROGRESS_S = 30, SESSION_QUIET_S = 60 };

/*
 * The next session something is to be said about: progress every SESSION_PROGRESS_S while it reads, once that
 * it is quiet, and its end after expires_s of silence (or, when the table is nearly full, SESSION_QUIET_S). *cursor
 * is 0 at the first call of a round; NONE ends the round. An expired session is already forgotten.
 */
enum session_due sessions_due(struct sessions *s, usec now, uint32_t expires_s, size_t *cursor, struct session *it);

/* Takes out any session, to say good-bye to each at the end; false: none left. */
bool sessions_take(struct sessions *s, size_t *cursor, struct session *it);
#endif
