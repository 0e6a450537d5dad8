/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/stream_renewal.h"
#include "netstack/stream_size.h"
#include "netstack/stream_window.h"

/* M30: while all is quiet, one Tlogin in this time. After a denial it is also how long we leave them in peace. */
static const usec login_pace = 5 * USEC_PER_S;
static const usec demand_pace = USEC_PER_S;

void stream_renewal_plan(struct stream *s)
{
	s->refresh_at = NEVER;
	if (s->grant.expires_s)
		s->refresh_at = s->grant.granted_at + (usec)s->grant.expires_s * (USEC_PER_S / 2);
}

void stream_renewal_begin(struct stream *s, usec now)
{
	struct login_who who = s->config.who;

	who.session     = s->grant.session;
	who.has_content = true;
	who.content     = s->grant.content;
	memcpy(who.disk, s->grant.disk, sizeof who.disk);
	login_init(&s->login, &who, &s->grant.servers[s->server], s->log, now, random_next(&s->random));
	s->login_busy = true;
	s->login_due  = s->refresh_at = NEVER;
	s->login_begun = now;
}

void stream_renewal_demand(struct stream *s, usec now)
{
	if (s->login_busy || s->login_due != NEVER)
		return;
	s->login_due = s->login_begun ? max_u64(now, s->login_begun + demand_pace) : now;
}

/* A server that names nobody but itself does not know of the others; we do. */
static void adopt_servers(struct login_grant *ours, const struct login_grant *theirs)
{
	if (theirs->server_count == 1)
		for (unsigned i = 0; i < ours->server_count; i++)
			if (stream_address_same(&ours->servers[i], &theirs->servers[0])) {
				ours->server_current = i;
				return;
			}
	memcpy(ours->servers, theirs->servers, sizeof ours->servers);
	ours->server_count   = theirs->server_count;
	ours->server_current = theirs->server_current;
}

/* The new ticket; whatever waited for it goes on at once. */
static void adopt(struct stream *s, usec now)
{
	const struct login_grant *g = &s->login.grant;
	const struct stream_address before = s->grant.servers[s->server];

	s->login_busy        = false;
	s->grant.session     = g->session;
	s->grant.ticket      = g->ticket;
	s->grant.expires_s   = g->expires_s;
	s->grant.granted_at  = g->granted_at;
	s->grant.window      = g->window;
	s->grant.version     = g->version;
	stream_size_limit(s, g->segment);       /* for requests from now on */
	adopt_servers(&s->grant, g);
	s->server = s->grant.server_current;
	if (!stream_address_same(&before, &s->grant.servers[s->server]))
		stream_size_begin(s, now);
	stream_window_limit(&s->window, (unsigned)min_u64(s->config.window_max, g->window));
	stream_renewal_plan(s);
	s->counters.logins++;
	if (s->status == STREAM_REFUSED)
		s->status = STREAM_FLOWING;
	for (unsigned i = 0; i < s->in_use; i++)
		s->requests[i].not_before = 0;
	s->report.due = s->report.is_waiting ? 0 : s->report.due;
}

void stream_renewal_rx(struct stream *s, usec now, const struct stream_address *from, struct rd datagram)
{
	uint32_t asked = s->login.request;

	login_rx(&s->login, now, from, datagram);
	if (s->login.request != asked)
		s->login_paced = now;           /* a cookie or a redirect: answered at once, also when all was quiet */
	if (login_status(&s->login) == LOGIN_DONE) {
		adopt(s, now);
	} else if (login_status(&s->login) == LOGIN_DENIED) {
		s->login_busy = false;
		s->login_due  = now + login_pace;
		s->denied     = s->login.denied;
		s->status     = STREAM_REFUSED;
	}
}

bool stream_renewal_tx(struct stream *s, usec now, struct wr *w, struct stream_address *to)
{
	if (!s->login_busy && now >= min_u64(s->login_due, s->refresh_at))
		stream_renewal_begin(s, now);
	if (!s->login_busy || (s->status == STREAM_QUIET && now < s->login_paced) || !login_tx(&s->login, now, w, to))
		return false;
	s->login_paced = now + login_pace;
	return true;
}

usec stream_renewal_wake_at(const struct stream *s)
{
	usec at;

	if (!s->login_busy)
		return min_u64(s->login_due, s->refresh_at);
	at = login_wake_at(&s->login);
	return s->status == STREAM_QUIET ? max_u64(at, s->login_paced) : at;
}
