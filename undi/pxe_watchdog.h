/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef UNDI_PXE_WATCHDOG_H
#define UNDI_PXE_WATCHDOG_H
/*
 * Whether a ROM is stuck: what is sent goes nowhere, or nothing comes, and that for too long.
 *
 *     pxe_watchdog_sent(w), _refused(w)       it took a frame to send; it did not
 *     pxe_watchdog_told_sent(w)               it told that one has been sent
 *     pxe_watchdog_received(w)                it gave a frame, or a piece of one
 *     pxe_watchdog_frame(w)                   a whole frame has come
 *     pxe_watchdog_idle(w, times)             it was asked so often, and had nothing
 *     if (pxe_watchdog_expired(w))            CLOSE and OPEN, which make its rings anew, and
 *         pxe_watchdog_restart(w)
 *
 * A struct of zeros has just been started. It counts events and has no clock; silence alone is never a fault,
 * for nobody may have anything to say.
 */
#include "lib/types.h"

enum {
	/*
	 * A ROM is stuck when it refuses to send, or has told the end of none of so many frames, and nothing came in so
	 * many polls: 20 ms at least, 1.7 s with an emulated pcnet. Busy cards send one in 1.2 ms even at 10 Mb/s; and
	 * eight times the stream has waited longer than an answer takes.
	 */
	PXE_WATCHDOG_FRAMES = 8,
	PXE_WATCHDOG_POLLS  = 1024,
	/*
	 * ... and twice as many after each restart that no frame came of, to 5 s at least: some lose their link by
	 * OPEN, and refuse to send until it has come back.
	 */
	PXE_WATCHDOG_DOUBLINGS = 8,
};

struct pxe_watchdog {
	bool     goes_deaf;             /* pxe_quirks.h: so silence is doubted; others might lose their link by OPEN */
	bool     tells;                 /* it has told the end of a frame: it may be expected to */
	bool     refuses;               /* what is to be sent */
	unsigned unfinished;            /* frames it took to send since it gave or told anything */
	unsigned unanswered;            /* ... since a frame came */
	unsigned idle;                  /* polls that gave nothing since one of these two was full, or it refused */
	unsigned in_vain;               /* restarts since a frame came, PXE_WATCHDOG_DOUBLINGS at most */
};

void pxe_watchdog_sent(struct pxe_watchdog *w);
void pxe_watchdog_refused(struct pxe_watchdog *w);
void pxe_watchdog_told_sent(struct pxe_watchdog *w);
void pxe_watchdog_received(struct pxe_watchdog *w);
void pxe_watchdog_frame(struct pxe_watchdog *w);
void pxe_watchdog_idle(struct pxe_watchdog *w, unsigned times);
bool pxe_watchdog_expired(const struct pxe_watchdog *w);
void pxe_watchdog_restart(struct pxe_watchdog *w);
#endif
