/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LOADER_UNREACHABLE_H
#define LOADER_UNREACHABLE_H
/*
 * What ICMP said of a datagram of ours, in words.
 *
 *     net->unreachable.seen = false;                  whoever asks somebody anew
 *     if (net_is_refused(net, &flow))              nobody listens there: no need to wait for an answer
 *     unreachable_say(net, ip, room, size)            why ip does not answer; false: ICMP said nothing of it
 *     unreachable_explain(net, to)                    a line for the error screen, whoever it was about
 *
 * It is told, and believed only where waiting would change nothing: see net_is_refused.
 */
#include "netstack/net.h"

bool unreachable_say(const struct net *n, uint32_t ip, char *room, size_t size);
void unreachable_explain(const struct net *n, struct log *to);
#endif
