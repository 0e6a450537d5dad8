/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_LACP_H
#define NETSTACK_LACP_H
/*
 * A switch port that is one of a bundle (link aggregation, IEEE 802.1AX) forwards only when somebody at the other end
 * of the cable says that he is in the bundle, too. We say so when we are asked, and never first.
 *
 *     lacp_init(&l)
 *     lacp_rx(&l, net, now, payload)          a frame for slow_group; an answer may be sent
 *     net_listen(net, lacp_listener(&l))      as long as the port must stay in the bundle and nobody listens to more
 *     lacp_blocks(&l, now), lacp_until(...)   the port says that it does not forward yet; it is believed until then
 *
 * The answer is that of a passive port, which repeats what it heard of its partner and wants the same rate: short
 * time-outs if the partner has them, so that he asks as often as he wants to be answered. Markers are answered, too.
 * So whoever sends first, a hostile neighbour included, gets ten frames a second from us and no more.
 *
 * Resident on a BIOS, unlike all else that is about the link: a switch that hears nothing more of us for 3 or 90
 * seconds closes the port under the stream.
 */
#include "netstack/net.h"
#include "netstack/wire/lacp.h"

struct lacp {
	struct net_listener listener;   /* first */
	struct lacp_party partner;      /* as it was last heard */
	bool     is_heard;
	usec     heard_at, second;
	unsigned in_second;             /* answers since then */
	uint32_t answered, malformed;
};

void lacp_init(struct lacp *l);
void lacp_rx(struct lacp *l, struct net *n, usec now, struct rd payload);

/* NULL: there is no bundle, nobody asked. */
struct net_listener *lacp_listener(struct lacp *l);

bool lacp_blocks(const struct lacp *l, usec now);
/* NEVER: it does not block. */
usec lacp_until(const struct lacp *l, usec now);
#endif
