/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/login.h"

/* M28: 250 ms, doubled up to 2 s; we go on for ever. */
static const struct retry_policy policy = {
	.first_wait = 250 * USEC_PER_MS, .max_wait = 2 * USEC_PER_S, .sends_max = UINT32_MAX,
};

/* A new question to the same server: another number, the first generation, at once. */
static void ask_anew(struct login *l, usec now)
{
	l->request    = (l->request + 1) | LOGIN_REQUEST;
	l->generation = 0;
	retry_start(&l->retry, &policy, now);
}

/* From the beginning at this server; it has not given a cookie yet. */
static void turn_to(struct login *l, usec now, const struct stream_address *server)
{
	l->server           = *server;
	l->has_cookie       = false;
	l->cookies_in_a_row = 0;
	l->silent_since     = NEVER;
	ask_anew(l, now);
}

void login_init(struct login *l, const struct login_who *who, const struct stream_address *server,
                struct log *log, usec now, uint64_t seed)
{
	*l = (struct login){ .log = log, .who = *who, .configured = *server, .random = random_from(seed) };
	l->request = random_u32(&l->random);
	login_restart(l, now);
}

void login_restart(struct login *l, usec now)
{
	l->status             = LOGIN_WORKING;
	l->redirects_in_a_row = 0;
	l->not_before         = now;
	turn_to(l, now, &l->configured);
}

static bool is_over(const struct login *l)
{
	return l->status == LOGIN_DONE || l->status == LOGIN_DENIED || l->status == LOGIN_CHOOSE;
}

static void deny(struct login *l, enum stream_deny reason, const char *text)
{
	l->status        = LOGIN_DENIED;
	l->denied.reason = reason;
	rd_tlv_text(rd_over(text, strlen(text)), l->denied.text, sizeof l->denied.text);
	log_line(l->log, LOG_INFO, "login denied: %s", l->denied.text);
}

static void take_cookie(struct login *l, usec now, struct rd body)
{
	if (!rd_stream_cookie(body, &l->cookie))
		return;
	l->has_cookie = true;
	ask_anew(l, now);
	/* M13: a server that never likes its own cookie is asked slower and slower. */
	if (++l->cookies_in_a_row >= LOGIN_COOKIES_MAX) {
		unsigned doubled = (unsigned)min_u64(l->cookies_in_a_row - LOGIN_COOKIES_MAX, 3);

		l->retry.due = now + min_u64(policy.first_wait << doubled, policy.max_wait);
	}
}

/* The list of the grant, with the server that answered in it. */
static void take_servers(struct login *l, const struct tlv_set *set)
{
	struct login_grant *g = &l->grant;

	memcpy(g->servers, set->servers, sizeof g->servers);
	g->server_count = set->server_count;
	for (g->server_current = 0; g->server_current < g->server_count; g->server_current++)
		if (stream_address_same(&g->servers[g->server_current], &l->server))
			return;
	if (g->server_current == TLV_SERVERS_MAX)
		g->server_current--;
	else
		g->server_count++;
	g->servers[g->server_current] = l->server;
}

static uint16_t smaller(uint16_t ours, uint16_t theirs)
{
	return ours < theirs ? ours : theirs;
}

static void take_grant(struct login *l, usec now, uint64_t session, const struct tlv_set *set)
{
	struct login_grant *g = &l->grant;

	g->session    = session;
	g->size       = set->size;
	g->content    = set->content;
	g->ticket     = set->ticket;
	g->expires_s  = set->expires_s;
	g->granted_at = now;
	g->window     = set->window;
	g->segment    = smaller(l->who.segment, set->segment) & (uint16_t)~15u;
	g->mode       = tlv_has(set, TLV_MODE) ? (enum stream_mode)set->mode : MODE_READ_ONLY;
	g->version    = set->version;
	memcpy(g->disk, set->disk, sizeof g->disk);
	take_servers(l, set);
	l->status = LOGIN_DONE;
}

static bool is_complete(const struct tlv_set *set)
{
	return tlv_has(set, TLV_CONTENT) && tlv_has(set, TLV_TICKET)
	    && tlv_has(set, TLV_SIZE) && set->size && set->size % STREAM_PAD_BYTES == 0
	    && tlv_has(set, TLV_SEGMENT) && set->segment >= STREAM_SEGMENT_BYTES_MIN
	    && tlv_has(set, TLV_WINDOW) && set->window;
}

static void take_login(struct login *l, usec now, uint64_t session, struct rd body)
{
	struct tlv_set set;

	switch (tlv_read_set(body, &set)) {
	case TLV_MALFORMED:
		return;
	case TLV_DEMANDS_MORE:                  /* M9 */
		deny(l, DENY_UNSUPPORTED, "the server demands something this client does not know");
		return;
	case TLV_OK:
		break;
	}
	if (!is_complete(&set) || !session)
		return;
	/* M16: a server that grants other bytes than those asked for is not believed. */
	if (l->who.has_content && memcmp(&set.content, &l->who.content, sizeof set.content) != 0)
		deny(l, DENY_CONTENT_CHANGED, "the server offers another content than the one being read");
	else
		take_grant(l, now, session, &set);
}

/* M31: who names a disk, or reads one, is in no need of a menu. */
static bool wants_menu(const struct login_who *who)
{
	return who->can_choose && !who->disk[0] && !who->has_content;
}

static void take_denial(struct login *l, struct rd body)
{
	struct tlv_set set;

	if (tlv_read_set(body, &set) != TLV_OK || !tlv_has(&set, TLV_REASON))
		return;
	if (set.reason == DENY_CHOOSE && tlv_has(&set, TLV_MENU) && wants_menu(&l->who))
		l->status = LOGIN_CHOOSE;
	else
		deny(l, (enum stream_deny)set.reason, set.text);
}

static void take_busy(struct login *l, usec now, struct rd body)
{
	struct tlv_set set;
	uint32_t wait;

	if (tlv_read_set(body, &set) != TLV_OK || !tlv_has(&set, TLV_WAIT_MS))
		return;
	wait = (uint32_t)min_u64(set.wait_ms, LOGIN_WAIT_MS_MAX) * USEC_PER_MS;
	log_line(l->log, LOG_STEP, "the server is busy; again in %u ms", wait / USEC_PER_MS);
	l->cookies_in_a_row = l->redirects_in_a_row = 0;
	ask_anew(l, now);
	l->not_before = l->busy_until = now + random_around(&l->random, wait, wait / 4);
}

static void take_redirect(struct login *l, usec now, struct rd body)
{
	struct tlv_set set;

	if (tlv_read_set(body, &set) != TLV_OK || set.server_count == 0)
		return;
	if (++l->redirects_in_a_row <= LOGIN_REDIRECTS_MAX) {
		turn_to(l, now, &set.servers[0]);
		return;
	}
	/* M14: they send us in a ring. */
	log_line(l->log, LOG_INFO, "too many redirects; back to the first server");
	l->redirects_in_a_row = 0;
	turn_to(l, now, &l->configured);
	l->not_before = now + random_around(&l->random, policy.max_wait, (uint32_t)policy.max_wait / 4);
}

/* M8: it answers what was asked, and in our session. */
static bool is_answer(const struct login *l, const struct stream_address *from, const struct stream_head *head)
{
	if (is_over(l) || !stream_address_same(from, &l->server) || head->request != l->request)
		return false;
	return head->type == STREAM_RLOGIN || head->session == l->who.session;
}

void login_rx(struct login *l, usec now, const struct stream_address *from, struct rd datagram)
{
	struct stream_head head;
	struct rd body;

	if (!stream_open(datagram, &head, &body) || !is_answer(l, from, &head))
		return;
	l->silent_since = NEVER;
	l->status       = LOGIN_WORKING;
	switch (head.type) {
	case STREAM_RCOOKIE:   take_cookie(l, now, body); break;
	case STREAM_RLOGIN:    take_login(l, now, head.session, body); break;
	case STREAM_RDENY:     take_denial(l, body); break;
	case STREAM_RBUSY:     take_busy(l, now, body); break;
	case STREAM_RREDIRECT: take_redirect(l, now, body); break;
	default:               break;
	}
}

static bool is_zero(const uint8_t *bytes, size_t len)
{
	uint8_t any = 0;

	while (len--)
		any |= bytes[len];
	return !any;
}

static void write_login(const struct login *l, struct wr *w)
{
	const struct login_who *who = &l->who;
	uint8_t *start = w->at;
	struct stream_head head = {
		.type = STREAM_TLOGIN, .flags = who->stage == STAGE_DRIVER ? STREAM_DRIVER : 0,
		.generation = l->generation, .request = l->request, .session = who->session,
	};

	wr_stream_head(w, &head);
	if (l->has_cookie)
		wr_tlv(w, TLV_COOKIE, l->cookie.bytes, sizeof l->cookie.bytes);
	wr_tlv(w, TLV_MAC, who->mac, sizeof who->mac);
	if (!is_zero(who->uuid, sizeof who->uuid))
		wr_tlv(w, TLV_UUID, who->uuid, sizeof who->uuid);
	wr_tlv_u16(w, TLV_ARCH, who->arch);
	wr_tlv_u8(w, TLV_STAGE, (uint8_t)who->stage);
	wr_tlv_text(w, TLV_BUILD, who->build);
	if (who->disk[0])
		wr_tlv_text(w, TLV_DISK, who->disk);
	if (wants_menu(who))
		wr_tlv_u8(w, TLV_CHOICE, 0);
	if (who->has_content)
		wr_tlv(w, TLV_CONTENT, who->content.id, sizeof who->content.id);
	wr_tlv_u16(w, TLV_WINDOW, who->window);
	wr_tlv_u16(w, TLV_SEGMENT, who->segment);
	if (wr_used(w, start) < STREAM_LOGIN_BYTES_MIN)         /* M11 */
		wr_tlv_pad(w, STREAM_LOGIN_BYTES_MIN - wr_used(w, start));
	if (wr_ok(w))
		stream_seal(start, wr_used(w, start), NULL);
}

/* Nobody answers: say so, and leave a server that others sent us to. */
static void judge_silence(struct login *l, usec now)
{
	if (l->silent_since == NEVER || now - l->silent_since < LOGIN_SILENCE)
		return;
	l->status = LOGIN_SILENT;
	if (!stream_address_same(&l->server, &l->configured)) {
		l->redirects_in_a_row = 0;
		turn_to(l, now, &l->configured);
	}
}

bool login_tx(struct login *l, usec now, struct wr *w, struct stream_address *to)
{
	if (is_over(l) || now < l->not_before)
		return false;
	judge_silence(l, now);
	if (retry_poll(&l->retry, &policy, now) != RETRY_SEND)
		return false;
	if (l->silent_since == NEVER)
		l->silent_since = now;
	l->retry.due += random_below(&l->random, (uint32_t)(l->retry.due - now) / 4);
	*to = l->server;
	write_login(l, w);
	l->generation++;
	return true;
}

usec login_wake_at(const struct login *l)
{
	return is_over(l) ? NEVER : max_u64(l->retry.due, l->not_before);
}

enum login_status login_status(const struct login *l)
{
	return l->status;
}
