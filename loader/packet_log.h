/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LOADER_PACKET_LOG_H
#define LOADER_PACKET_LOG_H
/*
 * The last packets of a boot, either way: F2 shows them, and a failure its last ones.
 *
 *     attachment_init(&a, port, packet_log_open(&log, card, port));   between the stack and its card from here on
 *     packet_log_show(&log, to, 8);                   the last 8, oldest first
 *     packet_log_toggle(&log);                        the last ones, then each as it comes; once more: no more
 *     packet_log_close(&log, &a.net);                 the system starts: the stack has its card back
 *
 * It is a card that passes everything on to the one below it, and keeps a copy of what goes through. The copy is all a
 * frame costs; lines are made only when somebody reads them. Discardable: nothing resident may keep it as its card.
 */
#include "loader/packet_text.h"
#include "loader/port.h"
#include "netstack/net.h"

enum {
	PACKET_LOG_PACKETS = 32,
	PACKET_LOG_SHOWN   = 16,        /* by F2, at first: more than half a screen */
};

struct packet { usec at; bool sent; uint16_t len; uint8_t bytes[FRAME_MAX]; };

struct packet_log {
	struct nic   nic;               /* first: what the stack is given */
	struct nic  *card;
	struct port *port;
	bool     is_shown;
	uint16_t tftp_port;             /* ours of the last transfer */
	unsigned count;                 /* all there ever were; the last ones are kept */
	struct packet packets[PACKET_LOG_PACKETS];
};

/* Forgets nothing: a second boot's packets come behind the first's. The struct was zero once. */
struct nic *packet_log_open(struct packet_log *l, struct nic *card, struct port *port);
void        packet_log_close(struct packet_log *l, struct net *net);
void        packet_log_show(const struct packet_log *l, struct log *to, unsigned most);
void        packet_log_toggle(struct packet_log *l);
#endif
