/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef DRIVER_SESSION_H
#define DRIVER_SESSION_H
/*
 * The stream over a Linux UDP socket.
 *
 *     session_open(&s, &kmsg, &card, port, &server)
 *     session_login(&s, ...)  or  session_resume(&s, ...)     then s.stream can be read from
 *     every turn:  session_rx(&s, now);  ... stream_want, stream_take ...;  session_tx(&s, now)
 *
 * What the socket refuses is treated as lost by the network: addresses, routes
 * and cards may come and go, and the stream asks again. The socket is bound to
 * the card, so that no other interface's routes can take the disk away.
 */
#include "driver/card.h"
#include "driver/kmsg.h"
#include "netstack/stream.h"
#include "netstack/wire/handover.h"

enum { SESSION_BATCH = 32, SESSION_WINDOW = 256 };

struct session {
	struct kmsg  *kmsg;
	int           udp;
	bool          is_v6;
	uint16_t      segment;                  /* what fits the card's MTU */
	struct stream stream;
	enum stream_status status;              /* as last told */
	usec          quiet_since, report_at;
	int           send_errno;               /* as last told; 0: sending works */
	uint8_t       rx[SESSION_BATCH][STREAM_DATA_HEAD_BYTES + STREAM_SEGMENT_BYTES_MAX];
};

bool session_open(struct session *s, struct kmsg *k, const struct card *card, uint16_t port,
                  const struct stream_address *server);

/* By itself: asks until somebody lets us in. arch: as driver/arch.h has it. */
void session_login(struct session *s, const struct card *card, uint16_t arch, const struct stream_address *server,
                   const char *disk);

/* Goes on where the firmware stopped. */
void session_resume(struct session *s, const struct card *card, const struct handover *h);

void session_rx(struct session *s, usec now);
void session_tx(struct session *s, usec now);
usec session_wake_at(const struct session *s);

/* Tells the log when the server falls silent and comes back; tells the server every half minute how we are. */
void session_watch(struct session *s, usec now);

/* Says goodbye and waits for the answer, not longer than a second. */
void session_bye(struct session *s, const char *why);
#endif
