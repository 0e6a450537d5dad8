/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_STREAM_RENEWAL_H
#define NETSTACK_STREAM_RENEWAL_H
/*
 * The login beside the reads that keeps a stream's ticket good (protocol chapter 4, "The ticket", and M30).
 *
 * Private to netstack/stream*.c. It is begun when half of the ticket's life
 * has passed, when a server says LOGIN_AGAIN, when our address changed and
 * when all is quiet; it never stops the reads.
 */
#include "netstack/stream.h"

/* When half of the ticket's life has passed. */
void stream_renewal_plan(struct stream *s);
/* Begins one at the server we read from, or begins anew there. */
void stream_renewal_begin(struct stream *s, usec now);
/* A server said LOGIN_AGAIN: at once, but not sooner than a second after the last, or when a denial has passed. */
void stream_renewal_demand(struct stream *s, usec now);
void stream_renewal_rx(struct stream *s, usec now, const struct stream_address *from, struct rd datagram);
bool stream_renewal_tx(struct stream *s, usec now, struct wr *w, struct stream_address *to);
usec stream_renewal_wake_at(const struct stream *s);
#endif
