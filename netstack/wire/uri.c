/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "netstack/wire/uri.h"
#include "netstack/wire/stream.h"

enum { END = -1 };

static int peek(const struct rd *r)
{
	struct rd copy = *r;

	return rd_left(r) ? rd_u8(&copy) : END;
}

/* The text up to one of the stops, or to the end. */
static struct rd until(struct rd *r, const char *stops)
{
	struct rd start = *r;
	size_t len = 0;

	for (int c; (c = peek(r)) != END; len++, rd_skip(r, 1))
		for (const char *s = stops; *s; s++)
			if (c == *s)
				return rd_sub(&start, len);
	return rd_sub(&start, len);
}

/* A decimal number up to max that fills the text; false for anything else. */
static bool number(struct rd text, uint32_t max, uint32_t *value)
{
	uint64_t v = 0;
	bool any = false;

	while (rd_left(&text)) {
		unsigned digit = rd_u8(&text) - (unsigned)'0';

		if (digit > 9)
			return false;
		v   = v * 10 + digit;
		any = true;
		if (v > max)
			return false;
	}
	*value = (uint32_t)v;
	return any;
}

/* Exactly a.b.c.d? */
static bool read_ipv4(struct rd text, uint32_t *ip)
{
	uint32_t part, all = 0;

	for (int i = 0; i < 4; i++) {
		if (i && rd_u8(&text) != '.')
			return false;
		struct rd digits = until(&text, ".");

		if (rd_left(&digits) > 3 || !number(digits, 255, &part))
			return false;
		all = all << 8 | part;
	}
	*ip = all;
	return rd_done(&text);
}

/* A host name rather than a mistyped address: it has a letter. */
static bool is_name(struct rd text)
{
	while (rd_left(&text)) {
		uint8_t c = rd_u8(&text) | 0x20;

		if (c >= 'a' && c <= 'z')
			return true;
	}
	return false;
}

static enum uri_verdict server(struct rd text, struct uri *uri)
{
	struct rd host = until(&text, ":");
	uint32_t ip, port = STREAM_PORT;

	if (!read_ipv4(host, &ip) || ip == 0 || ip == 0xffffffff)
		return is_name(host) ? URI_NAME : URI_BAD_SERVER;
	if (rd_left(&text)) {
		rd_skip(&text, 1);
		if (!number(text, 65535, &port) || port == 0)
			return URI_BAD_PORT;
	}
	if (uri->server_count == URI_SERVERS_MAX)
		return URI_TOO_MANY_SERVERS;
	uri->servers[uri->server_count++] = (struct uri_server){ ip, (uint16_t)port };
	return URI_OK;
}

static enum uri_verdict disk(struct rd name, struct uri *uri)
{
	size_t len = rd_left(&name);

	if (len > URI_DISK_MAX)
		return URI_BAD_DISK;
	for (size_t i = 0; i < len; i++) {
		uint8_t c = rd_u8(&name);

		if (c <= ' ' || c > '~' || c == '/' || c == '%' || c == '#' || c == '"')
			return URI_BAD_DISK;
		uri->disk[i] = (char)c;
	}
	return URI_OK;
}

static enum uri_verdict key(struct rd text, struct uri *uri)
{
	if (!rd_is(&text, "timeout=", 8) || !number(text, 86400, &uri->timeout_s))
		return URI_BAD_KEY;
	return URI_OK;
}

/* Servers, disk and keys, in this order; *text is left where it went wrong. */
static enum uri_verdict parts(struct rd *text, struct uri *uri)
{
	enum uri_verdict v = URI_OK;
	struct rd before;

	for (before = *text; peek(text) != END && peek(text) != '/' && peek(text) != '?'; before = *text) {
		v = server(until(text, ",/?"), uri);
		if (v != URI_OK)
			goto wrong;
		if (peek(text) == ',')
			rd_skip(text, 1);
	}
	if (peek(text) == '/') {
		rd_skip(text, 1);
		before = *text;
		v = disk(until(text, "?"), uri);
		if (v != URI_OK)
			goto wrong;
	}
	while (peek(text) != END) {
		rd_skip(text, 1);
		before = *text;
		v = key(until(text, "&"), uri);
		if (v != URI_OK)
			goto wrong;
	}
	return URI_OK;
wrong:
	*text = before;
	return v;
}

enum uri_verdict uri_read(struct rd text, struct uri *uri, size_t *bad_at)
{
	size_t whole = rd_left(&text);
	enum uri_verdict v = URI_NOT_RILL;

	*uri = (struct uri){ 0 };
	if (rd_is(&text, "rill://", 7))
		v = parts(&text, uri);
	if (bad_at)
		*bad_at = v == URI_OK || v == URI_NOT_RILL ? 0 : whole - rd_left(&text);
	if (v != URI_OK)
		*uri = (struct uri){ 0 };
	return v;
}

const char *uri_verdict_text(enum uri_verdict v)
{
	switch (v) {
	case URI_OK:               return "good";
	case URI_NOT_RILL:         return "it does not begin with rill://";
	case URI_NAME:             return "a server given by name; names are not supported yet, write its IPv4 address";
	case URI_BAD_SERVER:       return "no IPv4 address; write it like 192.168.1.2";
	case URI_BAD_PORT:         return "no port; write a number from 1 to 65535, or leave :port out";
	case URI_TOO_MANY_SERVERS: return "more than 8 servers; name 8, they can tell of others";
	case URI_BAD_DISK:         return "no disk name; up to 63 letters, digits, . _ - as the server's --disk has it";
	case URI_BAD_KEY:          return "an unknown key or value; the keys are: timeout=SECONDS";
	}
	return "";
}
