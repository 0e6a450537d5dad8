/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_STREAM_NOTICE_H
#define NETSTACK_STREAM_NOTICE_H
/*
 * What a stream tells its server: Tstatus and Tbye, each until it is answered (protocol chapter 6).
 *
 * Private to netstack/stream*.c. One of each can wait; a later report replaces
 * an earlier one, which nobody needs any more.
 */
#include "netstack/stream.h"

void stream_notice_begin(struct stream *s, struct stream_notice *n, uint8_t type, usec now, usec give_up,
                         const char *text);
/* Rstatus, Rbye, or an Rerror for one of them: whether the number was one of these. */
bool stream_notice_answered(struct stream *s, const struct stream_head *head);
bool stream_notice_tx(struct stream *s, struct stream_notice *n, usec now, struct wr *w);
usec stream_notice_wake_at(const struct stream_notice *n);
#endif
