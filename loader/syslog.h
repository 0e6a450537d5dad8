/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LOADER_SYSLOG_H
#define LOADER_SYSLOG_H
/*
 * Lines for the network's log server (RFC 3164, UDP port 514): for who looks after more machines than he can visit.
 *
 *     syslog_begin(&s, server, mac, "PXE-E51");       what was not sent of an earlier failure is forgotten
 *     syslog_line(&s, "No DHCP or ...");              any number of times; they wait in here
 *     syslog_tx(&s, now, &w, &flow)                   true: send what was written; one datagram a line
 *     syslog_wake_at(&s)
 *
 * Each line says which machine and which failure, since others come between: "<131>rill: MAC CODE: line". They leave
 * SYSLOG_APART after each other. Nobody answers, so nothing is sent again.
 */
#include "netstack/net.h"

enum {
	SYSLOG_PORT = 514,
	SYSLOG_LINES_MAX = 32,          /* a report has some 25; what is more is not kept */
	SYSLOG_LINE_MAX  = 300,
	SYSLOG_APART     = 10 * USEC_PER_MS,
};

struct syslog {
	uint32_t server;                /* 0: nobody listens, and nothing is kept */
	uint8_t  mac[6];
	const char *code;
	unsigned sent, count;
	usec     due;
	char     lines[SYSLOG_LINES_MAX][SYSLOG_LINE_MAX + 1];
};

void syslog_begin(struct syslog *s, uint32_t server, const uint8_t mac[6], const char *code);
void syslog_line(struct syslog *s, const char *line);
bool syslog_tx(struct syslog *s, usec now, struct wr *w, struct flow *flow);
usec syslog_wake_at(const struct syslog *s);
#endif
