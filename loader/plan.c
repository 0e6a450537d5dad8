/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "loader/plan.h"
#include "netstack/wire/stream.h"

static struct rd text_of(const char *text) { return rd_over(text, strlen(text)); }

static bool is_rill(const char *text)
{
	struct rd r = text_of(text);

	return rd_is(&r, "rill://", 7);
}

/* The name without its folders, of either kind. */
static const char *base_name(const char *file)
{
	const char *base = file;

	for (; *file; file++)
		if (*file == '/' || *file == '\\')
			base = file + 1;
	return base;
}

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c; }

/* The same file, as TFTP servers see names: letter case and folders are often rewritten on the way. */
static bool is_same_file(const char *a, const char *b)
{
	a = base_name(a);
	b = base_name(b);
	while (*a && lower(*a) == lower(*b)) {
		a++;
		b++;
	}
	return *a == *b;
}

/* Where no server is named, it is the boot server of the DHCP answer. */
static void add_server(struct plan *p, const struct dhcp_lease *l)
{
	if (p->uri.server_count == 0)
		p->uri.servers[p->uri.server_count++] = (struct uri_server){ l->next_server, STREAM_PORT };
}

static void plan_uri(struct plan *p, const struct plan_facts *facts, const char *text, const char *because)
{
	p->because = because;
	p->wrong   = uri_read(text_of(text), &p->uri, &p->wrong_at);
	p->kind    = p->wrong == URI_OK ? PLAN_DISK : PLAN_BAD_URI;
	if (p->kind == PLAN_DISK)
		add_server(p, facts->lease);
	if (p->kind == PLAN_DISK && !p->uri.servers[0].ip)
		p->kind = PLAN_NO_SERVER;
}

static void plan_server_chooses(struct plan *p, const struct plan_facts *facts, const char *because)
{
	*p = (struct plan){ .kind = PLAN_DISK, .because = because };
	add_server(p, facts->lease);
}

static void plan_program(struct plan *p, const struct dhcp_lease *l)
{
	p->kind    = PLAN_PROGRAM;
	p->because = "the boot file is another program";
	p->tftp_server = l->next_server;
	memcpy(p->file, l->boot_file, min_size(sizeof p->file, sizeof l->boot_file));
	p->file[sizeof p->file - 1] = 0;
}

void plan_make(struct plan *p, const struct plan_facts *facts)
{
	const struct dhcp_lease *l = facts->lease;

	*p = (struct plan){ .kind = PLAN_NONE, .because = "nobody said what to boot" };
	if (facts->config_uri[0])
		plan_uri(p, facts, facts->config_uri, "the configuration block");
	else if (is_rill(l->root_path))
		plan_uri(p, facts, l->root_path, "option 17");
	else if (is_rill(l->boot_file))
		plan_uri(p, facts, l->boot_file, "the boot file name");
	else if (is_rill(l->server_name))
		plan_uri(p, facts, l->server_name, "option 66");
	else if (l->boot_file[0] && (!facts->booted_file[0] || !is_same_file(l->boot_file, facts->booted_file)))
		plan_program(p, l);
	else if (l->boot_file[0])
		plan_server_chooses(p, facts, "the boot file is Rill itself: the server chooses the disk");
	else if (l->next_server && l->next_server != l->server)
		plan_server_chooses(p, facts, "only a boot server was named: it chooses the disk");
}

void plan_instead_of_self(struct plan *p, const struct plan_facts *facts)
{
	plan_server_chooses(p, facts, "the boot file is Rill itself: the server chooses the disk");
}
