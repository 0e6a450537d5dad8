/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "loader/syslog.h"
#include "lib/fmt.h"

enum { LOCAL0_ERROR = 16 * 8 + 3, HEAD_MAX = 64 };

void syslog_begin(struct syslog *s, uint32_t server, const uint8_t mac[6], const char *code)
{
	s->server = server;
	s->code   = code;
	s->sent   = s->count = 0;
	s->due    = 0;
	memcpy(s->mac, mac, sizeof s->mac);
}

/* Called by who formats a line: so nothing is formatted here. */
void syslog_line(struct syslog *s, const char *line)
{
	size_t len = min_size(strlen(line), SYSLOG_LINE_MAX);

	if (!s->server || s->count == SYSLOG_LINES_MAX)
		return;
	memcpy(s->lines[s->count], line, len);
	s->lines[s->count++][len] = 0;
}

usec syslog_wake_at(const struct syslog *s) { return s->sent < s->count ? s->due : NEVER; }

bool syslog_tx(struct syslog *s, usec now, struct wr *w, struct flow *flow)
{
	char head[HEAD_MAX];
	const char *line;

	if (now < syslog_wake_at(s))
		return false;
	line = s->lines[s->sent++];
	s->due = now + SYSLOG_APART;
	fmt_text(head, sizeof head, "<%d>rill: %s %s: ", LOCAL0_ERROR, mac_text(s->mac).s, s->code);
	wr_bytes(w, head, strlen(head));
	wr_bytes(w, line, strlen(line));
	*flow = (struct flow){ .dst_ip = s->server, .src_port = SYSLOG_PORT, .dst_port = SYSLOG_PORT };
	return true;
}
