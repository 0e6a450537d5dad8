/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef SERVER_JOURNAL_H
#define SERVER_JOURNAL_H
/*
 * The server's log: one line for each step of each machine, as text or JSON.
 *
 *     struct journal_line l = journal_begin(journal, now, "login");
 *     journal_session(&l, &session);
 *     journal_text(&l, "build", set.build);
 *     journal_end(&l);
 *
 * A line is a time, an event and fields, the same in both forms (docs/server.md lists them). Texts that came from
 * the network are written so that no terminal and no JSON reader is misled by them. A NULL journal is silence.
 * Lines a machine can cause at will (journal_limited) are bounded per second; what was left out is counted.
 */
#include "server/session.h"

enum { JOURNAL_LINE_BYTES = 1536, JOURNAL_LINES_PER_SECOND = 5000 };

struct journal {
	void (*write)(struct journal *j, const char *line, size_t len);         /* with its newline; any thread */
	bool json;
	_Atomic uint64_t second;        /* the limit: which second, how many lines in it, how many left out in all */
	_Atomic uint32_t lines, left_out;
};

struct journal_line {
	struct journal *journal;        /* NULL: the line is not wanted */
	size_t used;
	char   text[JOURNAL_LINE_BYTES];
};

/* now: microseconds since 1970. */
struct journal_line journal_begin(struct journal *j, usec now, const char *event);
/* The same, for what a machine can cause; nothing beyond the limit. */
struct journal_line journal_limited(struct journal *j, usec now, const char *event);
void journal_text(struct journal_line *l, const char *name, const char *value);
void journal_u64(struct journal_line *l, const char *name, uint64_t value);
void journal_id(struct journal_line *l, const char *name, uint64_t value);              /* 16 hex digits */
void journal_hex(struct journal_line *l, const char *name, const uint8_t *bytes, size_t len);
void journal_mac(struct journal_line *l, const char *name, const uint8_t mac[6]);
void journal_address(struct journal_line *l, const char *name, const struct stream_address *a);
/* session, mac, address, disk, stage; with totals also bytes, requests and duration. */
void journal_session(struct journal_line *l, const struct session *s);
void journal_totals(struct journal_line *l, const struct session *s);
void journal_end(struct journal_line *l);

const char *stage_text(uint8_t stage);

/* "192.0.2.1:6910" or "[2001:db8::1]:6910". */
struct address_text { char s[64]; };
struct address_text address_text(const struct stream_address *a);
#endif
