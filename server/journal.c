/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "server/journal.h"
#include <arpa/inet.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

/* What the end of a line needs: closing quote and brace, newline, NUL. */
enum { TAIL = 4 };

static void put_char(struct journal_line *l, char c)
{
	if (l->used < sizeof l->text - TAIL)
		l->text[l->used++] = c;
}

static void put(struct journal_line *l, const char *s)
{
	while (*s)
		put_char(l, *s++);
}

/* The length of the UTF-8 character at s, or 0 if it is none, or one that controls terminals. */
static size_t utf8_len(const unsigned char *s)
{
	size_t len = s[0] < 0x80 ? 1 : s[0] >= 0xc2 && s[0] < 0xe0 ? 2 : s[0] >= 0xe0 && s[0] < 0xf0 ? 3
	           : s[0] >= 0xf0 && s[0] < 0xf5 ? 4 : 0;

	for (size_t i = 1; i < len; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) || (s[0] == 0xf0 && s[1] < 0x90)
	    || (s[0] == 0xf4 && s[1] > 0x8f) || (s[0] == 0xc2 && s[1] < 0xa0))
		return 0;
	return s[0] < 0x20 || s[0] == 0x7f ? 0 : len;
}

static void put_quoted(struct journal_line *l, const char *value)
{
	put_char(l, '"');
	for (const unsigned char *s = (const unsigned char *)value; *s;) {
		size_t len = utf8_len(s);

		if (len == 0) {
			put_char(l, '?');
			s++;
			continue;
		}
		if (l->used + len + 1 >= sizeof l->text - TAIL)
			break;                          /* never half a character, nor half an escape */
		if (*s == '"' || *s == '\\')
			put_char(l, '\\');
		while (len--)
			put_char(l, (char)*s++);
	}
	if (l->used < sizeof l->text)
		l->text[l->used++] = '"';
}

static bool is_plain(const char *value)
{
	for (const char *s = value; *s; s++)
		if (*s <= ' ' || *s > '~' || *s == '"' || *s == '\\' || *s == '=')
			return false;
	return *value != 0;
}

/* A field that would not fit is left out as a whole, so that a JSON line stays one. */
static bool name_fits(struct journal_line *l, const char *name, size_t value_len)
{
	if (!l->journal || l->used + strlen(name) + value_len + TAIL + 8 > sizeof l->text)
		return false;
	if (l->journal->json) {
		put(l, ",\"");
		put(l, name);
		put(l, "\":");
	} else {
		put_char(l, ' ');
		put(l, name);
		put_char(l, '=');
	}
	return true;
}

struct journal_line journal_begin(struct journal *j, usec now, const char *event)
{
	struct journal_line l = { .journal = j };
	time_t seconds = (time_t)(now / USEC_PER_S);
	struct tm tm;
	char when[80];

	if (!j)
		return l;
	gmtime_r(&seconds, &tm);
	snprintf(when, sizeof when, "%04d-%02d-%02dT%02d:%02d:%02d.%03uZ", tm.tm_year + 1900, tm.tm_mon + 1,
	         tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, (unsigned)(now % USEC_PER_S / USEC_PER_MS));
	put(&l, j->json ? "{\"time\":\"" : "");
	put(&l, when);
	put(&l, j->json ? "\",\"event\":\"" : " ");
	put(&l, event);
	put(&l, j->json ? "\"" : "");
	return l;
}

struct journal_line journal_limited(struct journal *j, usec now, const char *event)
{
	if (!j)
		return journal_begin(NULL, now, event);
	uint64_t second = now / USEC_PER_S;
	if (atomic_exchange_explicit(&j->second, second, memory_order_relaxed) != second)
		atomic_store_explicit(&j->lines, 0, memory_order_relaxed);
	if (atomic_fetch_add_explicit(&j->lines, 1, memory_order_relaxed) < JOURNAL_LINES_PER_SECOND)
		return journal_begin(j, now, event);
	atomic_fetch_add_explicit(&j->left_out, 1, memory_order_relaxed);
	return journal_begin(NULL, now, event);
}

void journal_text(struct journal_line *l, const char *name, const char *value)
{
	if (!name_fits(l, name, 0))
		return;
	if (l->journal->json || !is_plain(value))
		put_quoted(l, value);
	else
		put(l, value);
}

void journal_u64(struct journal_line *l, const char *name, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof text, "%" PRIu64, value);
	if (name_fits(l, name, strlen(text)))
		put(l, text);
}

void journal_id(struct journal_line *l, const char *name, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof text, "%016" PRIx64, value);
	journal_text(l, name, text);
}

void journal_hex(struct journal_line *l, const char *name, const uint8_t *bytes, size_t len)
{
	char text[129] = "";

	for (size_t i = 0; i < len && i < sizeof text / 2; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
	journal_text(l, name, text);
}

void journal_mac(struct journal_line *l, const char *name, const uint8_t mac[6])
{
	char text[18];

	snprintf(text, sizeof text, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
	journal_text(l, name, text);
}

struct address_text address_text(const struct stream_address *a)
{
	char host[INET6_ADDRSTRLEN] = "?";
	struct address_text t;
	uint32_t ip;

	if (stream_address_is_ipv4(a, &ip)) {
		struct in_addr in = { .s_addr = htonl(ip) };

		inet_ntop(AF_INET, &in, host, sizeof host);
		snprintf(t.s, sizeof t.s, "%s:%u", host, a->port);
	} else {
		inet_ntop(AF_INET6, a->ip, host, sizeof host);
		snprintf(t.s, sizeof t.s, "[%s]:%u", host, a->port);
	}
	return t;
}

void journal_address(struct journal_line *l, const char *name, const struct stream_address *a)
{
	if (l->journal)
		journal_text(l, name, address_text(a).s);
}

const char *stage_text(uint8_t stage)
{
	return stage == STAGE_DRIVER ? "driver" : stage == STAGE_FIRMWARE ? "firmware" : "unknown";
}

void journal_session(struct journal_line *l, const struct session *s)
{
	journal_id(l, "session", s->id);
	if (s->mac_known)
		journal_mac(l, "mac", s->mac);
	journal_address(l, "address", &s->address);
	journal_text(l, "disk", s->disk);
	journal_text(l, "stage", stage_text(s->stage));
}

void journal_totals(struct journal_line *l, const struct session *s)
{
	journal_u64(l, "firmware_bytes", s->bytes[0]);
	journal_u64(l, "driver_bytes", s->bytes[1]);
	journal_u64(l, "reads", s->reads);
	journal_u64(l, "continued", s->continued);
	journal_u64(l, "errors", s->errors);
	journal_u64(l, "seconds", s->heard > s->since ? (s->heard - s->since) / USEC_PER_S : 0);
}

void journal_end(struct journal_line *l)
{
	struct journal *j = l->journal;

	if (!j)
		return;
	if (j->json && l->used < sizeof l->text - 1)
		l->text[l->used++] = '}';
	l->text[l->used++] = '\n';
	j->write(j, l->text, l->used);
}
