/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Cookies, the choice of a disk, and what a machine gets that is let in (protocol chapter 4). */
#include "server/core.h"
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include "lib/fmt.h"

enum { SESSION_SALTS = 8 };     /* numbers tried for a new session before the machine is turned away */

static void send_cookie(const struct server_call *c)
{
	struct stream_head head = server_reply_head(c, STREAM_RCOOKIE);
	struct stream_cookie cookie;
	struct server_reply r;

	cookie_make(&c->server->key, c->now / USEC_PER_S, c->from, &cookie);
	server_reply_begin(&r, &head);
	wr_bytes(&r.w, cookie.bytes, sizeof cookie.bytes);
	server_reply_send(&r, c);
	c->out->counts.cookies++;
}

static struct journal_line login_line(const struct server_call *c, const struct tlv_set *set, const char *event)
{
	struct journal_line l = journal_limited(c->server->journal, c->now, event);

	if (tlv_has(set, TLV_MAC))
		journal_mac(&l, "mac", set->mac);
	journal_address(&l, "address", c->from);
	return l;
}

static void deny(const struct server_call *c, const struct tlv_set *set, enum stream_deny reason, const char *text)
{
	struct stream_head head = server_reply_head(c, STREAM_RDENY);
	struct server_reply r;

	server_reply_begin(&r, &head);
	wr_tlv_u16(&r.w, TLV_REASON, (uint16_t)reason);
	wr_tlv_text(&r.w, TLV_TEXT, text);
	server_reply_send(&r, c);
	c->out->counts.denied++;

	struct journal_line l = login_line(c, set, "deny");
	journal_text(&l, "asked", set->disk);
	journal_u64(&l, "reason", (uint64_t)reason);
	journal_text(&l, "text", text);
	journal_end(&l);
}

/* M31: which disk is the user's to say. Nothing is kept of it. */
static void send_menu(const struct server_call *c, const struct tlv_set *set)
{
	const struct disk_menu *menu = &c->server->menu.shown;
	struct stream_head head = server_reply_head(c, STREAM_RDENY);
	struct server_reply r;

	server_reply_begin(&r, &head);
	wr_tlv_u16(&r.w, TLV_REASON, DENY_CHOOSE);
	wr_tlv_text(&r.w, TLV_TEXT, "choose a disk");
	wr_disk_menu(&r.w, menu);
	server_reply_send(&r, c);
	c->out->counts.menus++;

	struct journal_line l = login_line(c, set, "menu");
	journal_u64(&l, "entries", menu->count);
	journal_text(&l, "default", menu->entries[menu->marked].name);
	journal_end(&l);
}

static void send_busy(const struct server_call *c, const struct tlv_set *set, const char *why)
{
	struct stream_head head = server_reply_head(c, STREAM_RBUSY);
	struct server_reply r;

	server_reply_begin(&r, &head);
	wr_tlv_u32(&r.w, TLV_WAIT_MS, SERVER_BUSY_MS);
	wr_tlv_text(&r.w, TLV_TEXT, why);
	server_reply_send(&r, c);
	c->out->counts.turned_away++;

	struct journal_line l = login_line(c, set, "busy");
	journal_text(&l, "text", why);
	journal_end(&l);
}

static void send_redirect(const struct server_call *c, const struct tlv_set *set)
{
	struct stream_head head = server_reply_head(c, STREAM_RREDIRECT);
	struct server_reply r;

	server_reply_begin(&r, &head);
	wr_tlv_address(&r.w, TLV_SERVER, &c->server->redirect);
	server_reply_send(&r, c);
	c->out->counts.turned_away++;

	struct journal_line l = login_line(c, set, "redirect");
	journal_address(&l, "to", &c->server->redirect);
	journal_end(&l);
}

/* "this server has: a, b, c", as far as it fits. */
static void add_disk_names(const struct server *s, char *text, size_t size)
{
	size_t used = strlen(text);

	used += fmt_text(text + used, size - used, s->disk_count ? "this server has: " : "this server has none");
	for (unsigned i = 0; i < s->disk_count; i++) {
		const char *name = s->disks[i]->name;

		if (used + strlen(name) + 6 > size) {
			fmt_text(text + used, size - used, "...");
			return;
		}
		used += fmt_text(text + used, size - used, "%s%s", name, i + 1 < s->disk_count ? ", " : "");
	}
}

static bool same_content(const struct stream_content *a, const struct stream_content *b)
{
	return memcmp(a->id, b->id, sizeof a->id) == 0;
}

/* M15, M16. NULL: the machine was denied. */
static struct disk *choose_disk(const struct server_call *c, const struct tlv_set *set)
{
	const struct server *s = c->server;
	const bool by_content = tlv_has(set, TLV_CONTENT), by_name = set->disk[0] != 0;
	struct disk *disk = by_name || by_content ? NULL : s->default_disk;
	char text[TLV_TEXT_MAX + 1];

	for (unsigned i = 0; i < s->disk_count && !disk; i++)
		if ((by_name && strcmp(s->disks[i]->name, set->disk) == 0)
		    || (!by_name && by_content && same_content(&s->disks[i]->content, &set->content)))
			disk = s->disks[i];
	if (!disk && by_name) {
		fmt_text(text, sizeof text, "no disk \"%s\" here%s; ", set->disk,
		         by_content ? ", and this machine runs from it: serve it again" : "");
		add_disk_names(s, text, sizeof text);
		deny(c, set, by_content ? DENY_CONTENT_CHANGED : DENY_NO_SUCH_DISK, text);
	} else if (!disk && !by_content) {
		fmt_text(text, sizeof text, "name a disk, or start rilld with --default; ");
		add_disk_names(s, text, sizeof text);
		deny(c, set, DENY_NO_DEFAULT_DISK, text);
	} else if (!disk || (by_content && !same_content(&disk->content, &set->content))) {
		fmt_text(text, sizeof text, "disk%s%s is not the one this machine runs from; start the machine again",
		         disk ? " " : "", disk ? disk->name : "");
		deny(c, set, DENY_CONTENT_CHANGED, text);
		return NULL;
	}
	return disk;
}

/*
 * M17: a machine that has a session keeps it, unless it is known as another machine's. A new number is made from
 * what the machine sent, so that a Tlogin that comes twice finds itself again. False: there is no place.
 */
static bool give_session(const struct server_call *c, const struct tlv_set *set, const struct disk *disk,
                         struct session *it, bool *is_new)
{
	*it = (struct session){ .id = c->head.session, .address = *c->from };
	memcpy(it->mac, set->mac, sizeof it->mac);
	memcpy(it->disk, disk->name, sizeof it->disk);
	it->stage = c->head.flags & STREAM_DRIVER || set->stage == STAGE_DRIVER ? STAGE_DRIVER : STAGE_FIRMWARE;
	for (uint8_t salt = 0; salt < SESSION_SALTS; salt++) {
		if (it->id == 0)
			it->id = ticket_session(&c->server->key, &set->cookie, set->mac, c->from, c->head.request,
			                        salt);
		enum session_verdict verdict = sessions_login(c->server->sessions, c->now, it);
		*is_new = verdict == SESSION_NEW;
		if (verdict != SESSION_OTHER_MAC)
			return verdict != SESSION_FULL;
		it->id = 0;
	}
	return false;
}

/* The largest segment we may send: what the client takes, within the protocol's limits, a multiple of 16. */
static uint16_t segment_for(const struct tlv_set *set)
{
	uint64_t segment = tlv_has(set, TLV_SEGMENT) ? set->segment : STREAM_SEGMENT_BYTES;

	segment = max_u64(min_u64(segment, STREAM_SEGMENT_BYTES_MAX), STREAM_SEGMENT_BYTES_MIN);
	return (uint16_t)(segment & ~UINT64_C(15));
}

static void let_in(const struct server_call *c, const struct tlv_set *set, const struct disk *disk, uint64_t session)
{
	struct stream_head head = server_reply_head(c, STREAM_RLOGIN);
	uint32_t expires_s = c->server->expires_s ? c->server->expires_s : SERVER_EXPIRES_S;
	struct ticket_claim claim = { session, c->from, &disk->content };
	struct stream_ticket ticket;
	struct server_reply r;

	ticket_make(&c->server->key, server_now_s(c) + expires_s, TICKET_READ, &claim, &ticket);
	head.session = session;
	server_reply_begin(&r, &head);
	wr_tlv_text(&r.w, TLV_DISK, disk->name);
	wr_tlv(&r.w, TLV_CONTENT, disk->content.id, sizeof disk->content.id);
	wr_tlv_u64(&r.w, TLV_SIZE, disk->size);
	wr_tlv_u8(&r.w, TLV_MODE, MODE_READ_ONLY);
	wr_tlv(&r.w, TLV_TICKET, ticket.bytes, ticket.len);
	wr_tlv_u32(&r.w, TLV_EXPIRES, expires_s);
	wr_tlv_u16(&r.w, TLV_SEGMENT, segment_for(set));
	wr_tlv_u16(&r.w, TLV_WINDOW, c->server->window ? c->server->window : SERVER_WINDOW);
	server_reply_send(&r, c);
	c->out->counts.logins++;
}

static void log_login(const struct server_call *c, const struct tlv_set *set, const struct session *it, bool is_new)
{
	struct journal_line l = journal_limited(c->server->journal, c->now, is_new ? "login" : "login-again");

	journal_session(&l, it);
	if (tlv_has(set, TLV_ARCH))
		journal_u64(&l, "arch", set->arch);
	journal_text(&l, "build", set->build);
	journal_u64(&l, "window", set->window);
	journal_u64(&l, "segment", segment_for(set));
	if (!is_new)
		journal_totals(&l, it);
	journal_end(&l);
}

static void answer_with_cookie(const struct server_call *c, const struct tlv_set *set, enum tlv_verdict verdict)
{
	enum stream_deny  reason;
	struct disk_fault why;
	struct session    it;
	bool              is_new;

	if (verdict == TLV_DEMANDS_MORE) {
		deny(c, set, DENY_UNSUPPORTED, "this server is too old for what the machine demands; update rilld");
		return;
	}
	if (!tlv_has(set, TLV_MAC)) {
		deny(c, set, DENY_MALFORMED, "the login has no MAC address; update the machine's boot program");
		return;
	}
	if (atomic_load(&c->server->draining)) {
		send_busy(c, set, "this server is about to stop");
		return;
	}
	if (c->server->redirects) {
		send_redirect(c, set);
		return;
	}
	if (menu_is_for(&c->server->menu, set)) {
		send_menu(c, set);
		return;
	}
	struct disk *disk = choose_disk(c, set);
	if (!disk)
		return;
	if (!disk->usable(disk, &reason, &why)) {
		deny(c, set, reason, why.text);
		return;
	}
	if (!give_session(c, set, disk, &it, &is_new)) {
		send_busy(c, set, "this server has as many machines as it may (rilld --sessions-max)");
		return;
	}
	let_in(c, set, disk, it.id);
	log_login(c, set, &it, is_new);
}

bool login_answer(const struct server_call *c)
{
	struct tlv_set set;

	if (c->datagram_len < STREAM_LOGIN_BYTES_MIN || c->datagram_len > STREAM_MESSAGE_BYTES_MAX)
		return false;
	enum tlv_verdict verdict = tlv_read_set(c->body, &set);
	if (verdict == TLV_MALFORMED)
		return false;
	/* An absent cookie is all zeros, which is none of ours. */
	if (cookie_good(&c->server->key, &set.cookie, c->now / USEC_PER_S, c->from))
		answer_with_cookie(c, &set, verdict);
	else
		send_cookie(c);
	return true;
}
