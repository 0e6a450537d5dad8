/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LOADER_LINK_H
#define LOADER_LINK_H
/*
 * From "there is a cable" to "the switch forwards what we send": the step "link", and what the step "lease" asks of it.
 *
 *     link_init(b)                    with the boot
 *     step_link(b)                    waits for the cable, then for the port (loader/steps.h)
 *     link_watch(b)                   the stack was made anew: its VLAN, and who listens to the switch
 *     link_asked_in_vain(b)           no cable any more; a port that says only now that it does not forward, or is only
 *                                     now through
 *     link_wait(b)                    waits for both, with a countdown; STEP_LEASE, or a failure (loader/steps.h)
 *     link_rest(b)                    the lease is there: no group is heard any more
 *     link_explain(b, to)             lines for the error screen
 *
 * A switch port that has just come up forwards nothing for up to half a minute (spanning tree), or until it was
 * answered (link aggregation). DISCOVERs sent meanwhile are lost, and the tries are over when it is through. So the
 * switch is listened to: as long as its port says that it does not forward, none is sent, for LINK_WAIT at most. A port
 * that says nothing is asked at once: most forward, and those of an old tree do not tell. What is asked of one of those
 * is asked again as soon as it must be through.
 *
 * 802.1X is heard and counted, and nothing is ever sent: a switch that lets machines in by their MAC address would
 * take an EAPOL-Start for somebody who has credentials.
 */
#include "netstack/lacp.h"
#include "netstack/stp.h"

struct boot;

struct link {
	struct net_listener listener;   /* first */
	struct lacp *lacp;              /* it stays, in the attachment */
	struct stp   stp;
	uint32_t eap;                   /* frames by which the switch asked for 802.1X */
	uint32_t data;                  /* frames from beyond the switch, when they were last looked at */
	bool     is_told;               /* the card was told to hear the link's groups */
	bool     doubted;               /* DHCP asks through a port that may not forward */
	usec     asked_at, cable_due;   /* when it began to; when the card is asked for its cable again */
	usec     gives_up_at;           /* waiting for the port; 0: it was not waited for yet */
};

void link_init(struct boot *b);
void link_watch(struct boot *b);
void link_rest(struct boot *b);

bool link_asked_in_vain(struct boot *b);
/* When link_asked_in_vain() may change by itself. */
usec link_wake_at(const struct boot *b);

void link_explain(struct boot *b, struct log *to);
#endif
