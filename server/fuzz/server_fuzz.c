/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/*
 * The whole server core and whatever is sent to it: a sequence of datagrams, each with three bytes in front, what
 * to do first and the length. Checks are made good, or nothing would be heard; cookies and tickets on demand.
 */
#include <stdatomic.h>
#include <stdlib.h>
#include "server/fake.h"

enum { GOOD = 1, STRANGER = 2, LATER = 4, BROKEN = 8, DRAINS = 16, BARE = 32, KNOWN_SESSION = 64, REDIRECTS = 128 };
enum { DATAGRAMS_MAX = 40, ROOM = 2048, READ_TICKET_AT = 60, TOLD_TICKET_AT = 22, SESSION_AT = 8, TYPE_AT = 1 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void require(bool holds)
{
	if (!holds)
		abort();
}

/* Puts what only the server can make where the datagram's type has it. The new length. */
static size_t make_good(struct fake *f, const struct fake_client *c, uint8_t *d, size_t len)
{
	struct stream_content content = f->disks[0].disk.content;
	struct ticket_claim claim = { 0, &c->address, &content };
	struct stream_ticket ticket;
	struct stream_cookie cookie;
	struct rd head = rd_over(d, len);
	struct wr w = wr_over(d + len, ROOM - len);
	size_t at = d[TYPE_AT] == STREAM_TREAD ? READ_TICKET_AT : TOLD_TICKET_AT;

	if (d[TYPE_AT] == STREAM_TLOGIN) {
		cookie_make(&f->server.key, f->now / USEC_PER_S, &c->address, &cookie);
		wr_tlv(&w, TLV_COOKIE, cookie.bytes, sizeof cookie.bytes);
		return wr_ok(&w) ? wr_used(&w, d) : len;
	}
	rd_skip(&head, SESSION_AT);
	claim.session = rd_be64(&head);
	ticket_make(&f->server.key, (uint32_t)(f->now / USEC_PER_S) + 60, TICKET_READ, &claim, &ticket);
	if (len >= at + TICKET_BYTES)
		memcpy(d + at, ticket.bytes, TICKET_BYTES);
	if (len >= READ_TICKET_AT && d[TYPE_AT] == STREAM_TREAD)
		memcpy(d + STREAM_HEAD_BYTES, content.id, sizeof content.id);
	return len;
}

/* What must hold of the replies to one datagram. */
static void judge(struct fake *f, const uint8_t *d, size_t len, bool good)
{
	struct stream_head asked = { 0 }, said;
	struct rd body;
	uint64_t offset;

	if (f->count == 0)
		return;
	require(stream_open(rd_over(d, len), &asked, &body));
	if (!good)
		require(f->count == 1 && f->used <= len);
	for (unsigned i = 0; i < f->count; i++) {
		require(stream_open(fake_reply(f, i), &said, &body));
		require(said.request == asked.request && said.generation == asked.generation);
		require(said.type == STREAM_RLOGIN || said.session == asked.session);
		require((said.flags & ~STREAM_DRAINING) == (asked.flags & STREAM_DRIVER));
		require(said.type % 2 == 1 || said.type == STREAM_RCOOKIE || said.type == STREAM_RBUSY
		        || said.type == STREAM_RERROR || said.type == STREAM_RBYE);
		require(f->replies[i].len <= STREAM_MESSAGE_BYTES_MAX || said.type == STREAM_RDATA
		        || said.type == STREAM_RPING);
		require(said.type != STREAM_RDATA || stream_open_data(fake_reply(f, i), &f->disks[0].disk.content,
		                                                      &offset, &body));
	}
}

static void say(struct fake *f, struct fake_client *c, unsigned what, struct rd said)
{
	struct fake_client stranger = fake_client(200);
	const struct fake_client *from = what & STRANGER ? &stranger : c;
	uint8_t d[ROOM];
	size_t len = rd_left(&said);

	rd_bytes(&said, d, len);
	if (what & LATER)
		f->now += (usec)(len + 1) * 7 * USEC_PER_S;
	if (what & LATER)
		server_tick(&f->server, f->now);
	f->disks[0].broken  = (what & BROKEN) != 0;
	f->server.redirects = (what & REDIRECTS) != 0;
	atomic_store(&f->server.draining, (what & DRAINS) != 0);
	if (len >= SESSION_AT + 8 && what & KNOWN_SESSION) {
		struct wr w = wr_over(d + SESSION_AT, 8);

		wr_be64(&w, c->session);
	}
	if (len >= STREAM_HEAD_BYTES && what & GOOD)
		len = make_good(f, from, d, len);
	if (len >= STREAM_HEAD_BYTES && !(what & BARE))
		stream_seal(d, len, NULL);
	fake_rx(f, &from->address, d, len);
	judge(f, d, len, (what & GOOD) != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct rd r = rd_over(bytes, len);
	struct fake *f = fake_open();
	struct fake_client c = fake_client(1);

	sessions_close(f->server.sessions);
	f->server.sessions = sessions_open(3, 1);
	f->server.menu.shown = (struct disk_menu){
		.entries = { { "a", "A" }, { "b", "" } }, .count = 2, .seconds = 1,
	};
	require(fake_login(f, &c, "a") == STREAM_RLOGIN);
	for (int i = 0; rd_left(&r) && i < DATAGRAMS_MAX; i++) {
		unsigned what = rd_u8(&r);
		size_t said_len = rd_be16(&r) % (ROOM - 64);

		say(f, &c, what, rd_sub(&r, min_size(said_len, rd_left(&r))));
	}
	server_farewell(&f->server, f->now);
	require(sessions_count(f->server.sessions) == 0);
	fake_close(f);
	return 0;
}
