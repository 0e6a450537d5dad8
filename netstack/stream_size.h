/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_STREAM_SIZE_H
#define NETSTACK_STREAM_SIZE_H
/*
 * How large a segment the path to the server carries (protocol chapter 7).
 *
 * Private to netstack/stream*.c. STREAM_SEGMENT_BYTES get through wherever
 * frames of 1500 bytes do, and through most tunnels; requests begin with those.
 * What card and server allow beyond is used when a ping has come back that is
 * as long as an Rdata would be: whoever loses large datagrams loses that, and
 * nothing else. It is repeated for ever, in the end once a minute.
 */
#include "netstack/stream.h"

/*
 * Another server, another address of ours, or a silence that may mean that the path became smaller: from the
 * beginning. What is under way in larger segments is cut anew.
 */
void stream_size_begin(struct stream *s, usec now);
/* M19: the largest that a new Rlogin allows. */
void stream_size_limit(struct stream *s, uint16_t segment);
/* A Tping, when nothing better is to be sent and the window has room for its answer. */
bool stream_size_tx(struct stream *s, usec now, struct wr *w);
/* An Rping of the server that is read from; false: it answers none of ours. */
bool stream_size_rx(struct stream *s, const struct stream_head *head, struct rd echo);
usec stream_size_wake_at(const struct stream *s);
#endif
