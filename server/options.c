/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "server/options.h"
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>

const char options_help[] =
	"rilld: lets machines without a disk log in, and streams disks to them (UDP)\n"
	"\n"
	"  rilld --disk NAME=FILE [--disk NAME=FILE ...] [options]\n"
	"\n"
	"  --disk NAME=FILE        serve the raw image FILE under NAME; repeat for more disks\n"
	"  --default NAME          the disk of machines that name none (with one disk: that one)\n"
	"  --menu NAME[=TITLE]     an entry of the menu that users of machines that name none see (up to 9)\n"
	"  --menu-wait SECONDS     then the menu's default is taken (10); 0: a key is waited for\n"
	"  --menu-for MAC          only these machines see it, 52:54:00:*:*:* for many; repeat (all)\n"
	"  --listen ADDR[:PORT]    listen there; without it on every address, port 6910\n"
	"  --key FILE              64 hex digits that all servers of a group share; without it a\n"
	"                          random key, and machines log in again after a restart\n"
	"  --log text|json         the form of the log, on standard output (text)\n"
	"  --redirect ADDR[:PORT]  send every login to that server\n"
	"  --sessions-max N        turn machines away beyond N (16384)\n"
	"  --threads N             so many event loops (one for each CPU)\n"
	"  --no-gso                send each datagram by itself, without segmentation offload\n"
	"  --help, --version\n"
	"\n"
	"SIGTERM and SIGINT: no more logins; ends when reading has stopped, after 5 seconds at most.\n";

struct parse {
	struct options *o;
	char           *trouble;
	size_t          size;
	bool            has_menu_wait;
};

#define trouble_is(p, ...) (snprintf((p)->trouble, (p)->size, __VA_ARGS__), false)

static bool read_number(const char *text, unsigned max, unsigned *n)
{
	char *end;
	unsigned long v;

	if (*text < '0' || *text > '9')
		return false;
	v = strtoul(text, &end, 10);
	if (*end || v > max)
		return false;
	*n = (unsigned)v;
	return true;
}

static bool read_ip(const char *text, struct stream_address *a)
{
	struct in_addr in;

	if (inet_pton(AF_INET, text, &in) == 1) {
		*a = stream_address_ipv4(ntohl(in.s_addr), a->port);
		return true;
	}
	return inet_pton(AF_INET6, text, a->ip) == 1;
}

bool options_address(const char *text, uint16_t default_port, struct stream_address *a)
{
	const char *colon = strrchr(text, ':'), *close = strrchr(text, ']');
	char     host[INET6_ADDRSTRLEN + 2];
	size_t   host_len = strlen(text);
	unsigned port = default_port;

	*a = (struct stream_address){ 0 };
	/* A colon begins a port behind "]", or when it is the only one; else it is part of an IPv6 address. */
	if (colon && (close ? colon == close + 1 : colon == strchr(text, ':'))) {
		if (!read_number(colon + 1, UINT16_MAX, &port))
			return false;
		host_len = (size_t)(colon - text);
	}
	if (host_len >= sizeof host)
		return false;
	memcpy(host, text, host_len);
	host[host_len] = 0;
	a->port = (uint16_t)port;
	if (host_len == 0)
		return colon != NULL;
	if (host[0] != '[')
		return !close && read_ip(host, a);
	if (host[host_len - 1] != ']')
		return false;
	host[host_len - 1] = 0;
	return strchr(host, ':') && read_ip(host + 1, a);
}

static bool is_name(const char *name, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char c = name[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("._-", c)))
			return false;
	}
	return len > 0 && len <= TLV_NAME_MAX;
}

static bool take_disk(struct parse *p, const char *value)
{
	const char *equals = strchr(value, '=');
	size_t len = equals ? (size_t)(equals - value) : 0;
	struct options *o = p->o;

	if (!equals || len == 0 || !equals[1])
		return trouble_is(p, "--disk %s: not NAME=FILE; for example --disk debian=/srv/debian.img", value);
	if (!is_name(value, len))
		return trouble_is(p, "--disk %s: a name has 1 to 63 letters, digits, '.', '_' or '-'", value);
	if (o->disk_count == OPTIONS_DISKS_MAX)
		return trouble_is(p, "--disk %s: more than %d disks; start another rilld for them", value,
		                  OPTIONS_DISKS_MAX);
	for (unsigned i = 0; i < o->disk_count; i++)
		if (strlen(o->disks[i].name) == len && memcmp(o->disks[i].name, value, len) == 0)
			return trouble_is(p, "--disk %s: the name is taken by %s; give each disk its own", value,
			                  o->disks[i].file);
	memcpy(o->disks[o->disk_count].name, value, len);
	o->disks[o->disk_count].name[len] = 0;
	o->disks[o->disk_count++].file    = equals + 1;
	return true;
}

static bool take_default(struct parse *p, const char *value)
{
	p->o->default_name = value;
	return true;
}

static bool is_title(const char *title)
{
	size_t len = strlen(title);

	for (size_t i = 0; i < len; i++)
		if (title[i] < ' ' || title[i] > '~')
			return false;
	return len > 0 && len <= DISK_MENU_TITLE_MAX;
}

static bool take_menu(struct parse *p, const char *value)
{
	struct disk_menu *m = &p->o->menu.shown;
	size_t len = strcspn(value, "=");
	struct disk_menu_entry *e;

	if (!is_name(value, len))
		return trouble_is(p, "--menu %s: not NAME or NAME=TITLE; for example --menu debian='Debian 12'", value);
	if (value[len] && !is_title(value + len + 1))
		return trouble_is(p, "--menu %s: a title has 1 to %d printable ASCII characters", value,
		                  DISK_MENU_TITLE_MAX);
	if (m->count == TLV_MENU_MAX)
		return trouble_is(p, "--menu %s: more than %d entries; leave one out, it can be had by name", value,
		                  TLV_MENU_MAX);
	e = &m->entries[m->count];
	memcpy(e->name, value, len);
	e->name[len] = 0;
	snprintf(e->title, sizeof e->title, "%s", value[len] ? value + len + 1 : "");
	for (unsigned i = 0; i < m->count; i++)
		if (strcmp(m->entries[i].name, e->name) == 0)
			return trouble_is(p, "--menu %s: this disk is in the menu already; leave out one of the two",
			                  value);
	m->count++;
	return true;
}

static bool take_menu_wait(struct parse *p, const char *value)
{
	p->has_menu_wait = true;
	return read_number(value, DISK_MENU_SECONDS_MAX, &p->o->menu.shown.seconds)
	    || trouble_is(p, "--menu-wait %s: give a number from 0 to %d", value, DISK_MENU_SECONDS_MAX);
}

static bool take_menu_for(struct parse *p, const char *value)
{
	struct server_menu *m = &p->o->menu;

	if (m->machine_count == MENU_MACHINES_MAX)
		return trouble_is(p, "--menu-for %s: more than %d; use patterns as 52:54:00:*:*:*", value,
		                  MENU_MACHINES_MAX);
	return mac_pattern_parse(value, &m->machines[m->machine_count++])
	    || trouble_is(p, "--menu-for %s: not a MAC address; for example 52:54:00:12:34:56 or 52:54:00:*:*:*",
	                  value);
}

static bool take_listen(struct parse *p, const char *value)
{
	p->o->listens = true;
	return options_address(value, STREAM_PORT, &p->o->listen)
	    || trouble_is(p, "--listen %s: not an address; for example 192.0.2.1, 192.0.2.1:6910 or [2001:db8::1]:6910",
	                  value);
}

static bool take_redirect(struct parse *p, const char *value)
{
	static const uint8_t any6[16];
	uint32_t ip;

	p->o->redirects = true;
	if (!options_address(value, STREAM_PORT, &p->o->redirect) || p->o->redirect.port == 0
	    || memcmp(p->o->redirect.ip, any6, sizeof any6) == 0
	    || (stream_address_is_ipv4(&p->o->redirect, &ip) && ip == 0))
		return trouble_is(p, "--redirect %s: not a server's address; for example 192.0.2.1 or 192.0.2.1:6910",
		                  value);
	return true;
}

static bool take_key(struct parse *p, const char *value)
{
	p->o->key_file = value;
	return true;
}

static bool take_log(struct parse *p, const char *value)
{
	p->o->json = strcmp(value, "json") == 0;
	return p->o->json || strcmp(value, "text") == 0 || trouble_is(p, "--log %s: give text or json", value);
}

static bool take_sessions_max(struct parse *p, const char *value)
{
	return (read_number(value, OPTIONS_SESSIONS_MAX, &p->o->sessions_max) && p->o->sessions_max)
	    || trouble_is(p, "--sessions-max %s: give a number from 1 to %d", value, OPTIONS_SESSIONS_MAX);
}

static bool take_threads(struct parse *p, const char *value)
{
	return (read_number(value, OPTIONS_THREADS_MAX, &p->o->threads) && p->o->threads)
	    || trouble_is(p, "--threads %s: give a number from 1 to %d", value, OPTIONS_THREADS_MAX);
}

static bool take_no_gso(struct parse *p, const char *value)
{
	(void)value;
	p->o->no_gso = true;
	return true;
}

static bool take_help(struct parse *p, const char *value)
{
	(void)value;
	p->o->action = OPTIONS_HELP;
	return true;
}

static bool take_version(struct parse *p, const char *value)
{
	(void)value;
	p->o->action = OPTIONS_VERSION;
	return true;
}

static const struct option {
	const char *name;
	bool (*take)(struct parse *p, const char *value);
	const char *value;              /* what it is, for messages; NULL: the option has none */
} known[] = {
	{ "--disk",         take_disk,         "NAME=FILE" },
	{ "--default",      take_default,      "NAME" },
	{ "--menu",         take_menu,         "NAME[=TITLE]" },
	{ "--menu-wait",    take_menu_wait,    "SECONDS" },
	{ "--menu-for",     take_menu_for,     "MAC" },
	{ "--listen",       take_listen,       "ADDR[:PORT]" },
	{ "--key",          take_key,          "FILE" },
	{ "--log",          take_log,          "text|json" },
	{ "--redirect",     take_redirect,     "ADDR[:PORT]" },
	{ "--sessions-max", take_sessions_max, "N" },
	{ "--threads",      take_threads,      "N" },
	{ "--no-gso",       take_no_gso,       NULL },
	{ "--help",         take_help,         NULL },
	{ "--version",      take_version,      NULL },
};

/* One option, as "--name value" or "--name=value"; *at moves to its last word. */
static bool take(struct parse *p, int argc, char *const *argv, int *at)
{
	const char *word = argv[*at];
	size_t len = strcspn(word, "=");

	for (size_t i = 0; i < COUNT_OF(known); i++) {
		const struct option *k = &known[i];

		if (strlen(k->name) != len || memcmp(k->name, word, len) != 0)
			continue;
		if (!k->value)
			return word[len] ? trouble_is(p, "%s: this option has no value; leave out what follows %s",
			                              word, k->name) : k->take(p, NULL);
		if (word[len])
			return k->take(p, word + len + 1);
		if (*at + 1 >= argc)
			return trouble_is(p, "%s: its value is missing; give %s %s", k->name, k->name, k->value);
		return k->take(p, argv[++*at]);
	}
	return trouble_is(p, "%s: no such option; rilld --help lists them", word);
}

static bool has_disk(const struct options *o, const char *name)
{
	for (unsigned i = 0; i < o->disk_count; i++)
		if (strcmp(o->disks[i].name, name) == 0)
			return true;
	return false;
}

/* The default is marked, if it is in the menu; the first entry else, which is also the default where none was given. */
static bool is_menu_whole(struct parse *p)
{
	struct options *o = p->o;
	struct disk_menu *m = &o->menu.shown;

	if (m->count == 0 && (p->has_menu_wait || o->menu.machine_count))
		return trouble_is(p, "%s: there is no menu; add --menu NAME for each of its entries",
		                  p->has_menu_wait ? "--menu-wait" : "--menu-for");
	for (unsigned i = 0; i < m->count; i++) {
		if (!has_disk(o, m->entries[i].name))
			return trouble_is(p, "--menu %s: no --disk has this name; add --disk %s=FILE or leave it out",
			                  m->entries[i].name, m->entries[i].name);
		if (o->default_name && strcmp(m->entries[i].name, o->default_name) == 0)
			m->marked = i;
	}
	if (m->count && !o->default_name)
		o->default_name = m->entries[0].name;
	return true;
}

static bool is_whole(struct parse *p)
{
	struct options *o = p->o;

	if (o->disk_count == 0 && !o->redirects)
		return trouble_is(p, "no disk to serve; give at least one --disk NAME=FILE (see rilld --help)");
	if (o->default_name && !has_disk(o, o->default_name))
		return trouble_is(p, "--default %s: no --disk has this name; add --disk %s=FILE or name another",
		                  o->default_name, o->default_name);
	return is_menu_whole(p);
}

bool options_parse(int argc, char *const *argv, struct options *o, char *trouble, size_t size)
{
	struct parse p = { o, trouble, size, false };

	memset(o, 0, sizeof *o);
	o->sessions_max = OPTIONS_SESSIONS;
	o->menu.shown.seconds = OPTIONS_MENU_WAIT_S;
	for (int i = 1; i < argc; i++) {
		if (!take(&p, argc, argv, &i))
			return false;
		if (o->action != OPTIONS_RUN)
			return true;
	}
	return is_whole(&p);
}
