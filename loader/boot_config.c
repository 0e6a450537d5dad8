/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* The configuration of a boot: the block in the image, then the firmware's variable over it. */
#include "loader/steps.h"
#include "netstack/wire/uri.h"

static bool is_uri_sound(struct boot *b, const char *whose)
{
	enum uri_verdict v;
	struct uri uri;
	size_t at;

	if (!b->config.uri[0])
		return true;
	v = uri_read(rd_over(b->config.uri, strlen(b->config.uri)), &uri, &at);
	if (v != URI_OK)
		log_line(b->log, LOG_ERROR, "configuration %s, URI %s, character %zu: %s. The URI is ignored.", whose,
		         b->config.uri, at + 1, uri_verdict_text(v));
	return v == URI_OK;
}

/* Nonsense is told and then ignored: a machine that boots can be repaired over the network. */
static void add(struct boot *b, const char *whose, struct rd block)
{
	struct config before = b->config;
	struct config_complaint c;

	if (config_add(block, &b->config, &c) == CONFIG_BAD)
		log_line(b->log, LOG_ERROR, "configuration %s, byte %zu: %s. The %s is ignored.", whose, c.at, c.what,
		         whose);
	else if (!is_uri_sound(b, whose))
		memcpy(b->config.uri, before.uri, sizeof b->config.uri);
}

void boot_read_config(struct boot *b)
{
	const struct platform *p = b->platform;

	b->config = (struct config){ 0 };
	if (p->config)
		add(b, "block", rd_over(p->config, p->config_size));
	if (p->config_variable_size)
		add(b, "variable", rd_over(p->config_variable, p->config_variable_size));
	if (b->config.has_verbosity)
		b->log->verbosity = (enum log_level)b->config.verbosity;
	policy_init(&b->policy, (enum config_policy)b->config.policy, b->config.tries);
}
