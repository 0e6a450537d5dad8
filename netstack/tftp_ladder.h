/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef NETSTACK_TFTP_LADDER_H
#define NETSTACK_TFTP_LADDER_H
/*
 * What a TFTP client asks for: a ladder of requests, each with fewer options
 * than the one above. Servers that cannot bear an option answer with an ERROR,
 * with nonsense, or not at all.
 *
 *     tftp_ladder_init(&l, &profile);
 *     asks = tftp_ladder_asks(&l);             into the request
 *     tftp_ladder_objection(&l, &granted)      to the answer's options; NULL: none
 *     tftp_ladder_down(&l)                     no answer, or not that one
 *     tftp_ladder_widen(&l)                    granted, but too little: the server is far
 *     tftp_ladder_shorten(&l, granted)         granted, but packets are lost on the way
 *     tftp_ladder_narrow(&l, came)             granted, but too much for this machine
 *
 * The first request asks for what the card surely holds, which fills a near
 * network. Where packets are lost, a short window does so as well, and the
 * less of it is sent again.
 */
#include "netstack/wire/tftp.h"

/*
 * What to ask for. block_size: net_payload_max() - 4 at most, 0: do not ask; window 0 or 1: do not ask.
 * window_near: of a server that is not known to be far; 0: as many.
 * probe_size: ask for the size alone first and hang up (WDS's clients do), then fetch; size_only: but do not fetch.
 */
struct tftp_profile { uint16_t block_size, window, window_near; bool probe_size, size_only; };

struct tftp_ladder {
	struct tftp_profile profile;
	uint16_t window;                /* of its blocks, how many are asked for */
	bool     is_probing;            /* above the first rung: the size alone */
	bool     knows_size;            /* and does not ask again */
	unsigned rung;                  /* how many options were given up */
	unsigned oldest;                /* the highest rung whose request may still be answered */
};

void                tftp_ladder_init(struct tftp_ladder *l, const struct tftp_profile *profile);
struct tftp_options tftp_ladder_asks(const struct tftp_ladder *l);
bool                tftp_ladder_is_plain(const struct tftp_ladder *l);      /* nothing is asked for */
unsigned            tftp_ladder_sends_max(const struct tftp_ladder *l);     /* how often, before the next rung */
/* Why an OACK cannot be accepted. A slow server may answer a request further up that was not answered then. */
const char         *tftp_ladder_objection(const struct tftp_ladder *l, const struct tftp_options *granted);
/* The next rung that asks for something else; false: there is none. */
bool                tftp_ladder_down(struct tftp_ladder *l);
/* Nothing that was asked so far will be answered any more. */
void                tftp_ladder_forget(struct tftp_ladder *l);
/* Another try, with the whole window; false: it is asked for already. */
bool                tftp_ladder_widen(struct tftp_ladder *l);
/* Another try, with a short window; false: the one that was granted is no longer than that. */
bool                tftp_ladder_shorten(struct tftp_ladder *l, uint16_t granted);
/* Another try, with a window that `came` blocks of a longer one show to fit; of one block: without any. */
void                tftp_ladder_narrow(struct tftp_ladder *l, uint16_t came);
#endif
