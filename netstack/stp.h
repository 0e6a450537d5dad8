/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_STP_H
#define NETSTACK_STP_H
/*
 * Whether the switch port we are plugged into forwards yet, from what its spanning tree says through it.
 *
 *     stp_init(&s)                            when there is a cable, and whenever it was out
 *     stp_rx(&s, now, payload)                a frame for stp_group
 *     stp_heard_data(&s)                      something else came that was meant for us, or for everybody
 *     stp_says(&s, now), stp_until(&s, now)   what is known, and until when it is
 *
 * A port that has just come up forwards nothing for as long as its tree takes: up to twice the forward delay, 30 s as
 * switches are sold; DISCOVERs sent meanwhile are lost. The rapid and the multiple tree say the state of their port in
 * each BPDU. The old one does not; all that its first BPDU tells is that there is a tree, whose port is surely through
 * when it has heard itself for twice the forward delay. Data from beyond proves that it is through before.
 *
 * Bounded by what it heard: whoever says "not yet" and then nothing for three hellos is no longer believed.
 */
#include "netstack/wire/stp.h"

enum stp_port {
	STP_SILENT,             /* no tree was heard: as far as we know everything is forwarded */
	STP_FORWARDS,
	STP_MAY_FORWARD,        /* an old tree, which does not say; it surely does at stp_until() */
	STP_BLOCKS,             /* it says that it does not, and is believed to stp_until() */
};

struct stp {
	enum stp_port heard;
	usec     until;         /* of STP_MAY_FORWARD and STP_BLOCKS */
	uint8_t  bridge[6];     /* who said so */
	uint32_t bpdus, malformed;
};

void stp_init(struct stp *s);
void stp_rx(struct stp *s, usec now, struct rd payload);
void stp_heard_data(struct stp *s);

enum stp_port stp_says(const struct stp *s, usec now);
/* When stp_says() changes by itself; NEVER: only by what is heard. */
usec stp_until(const struct stp *s, usec now);
#endif
