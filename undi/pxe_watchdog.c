/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "undi/pxe_watchdog.h"

void pxe_watchdog_sent(struct pxe_watchdog *w)
{
	w->refuses = false;
	w->unfinished++;
	w->unanswered++;
	if (w->unfinished == PXE_WATCHDOG_FRAMES || w->unanswered == PXE_WATCHDOG_FRAMES)
		w->idle = 0;
}

void pxe_watchdog_refused(struct pxe_watchdog *w)
{
	if (!w->refuses)
		w->idle = 0;
	w->refuses = true;
}

void pxe_watchdog_received(struct pxe_watchdog *w)
{
	w->refuses = false;
	w->unfinished = 0;
}

void pxe_watchdog_told_sent(struct pxe_watchdog *w)
{
	pxe_watchdog_received(w);
	w->tells = true;
}

void pxe_watchdog_frame(struct pxe_watchdog *w)
{
	w->unanswered = w->in_vain = 0;
}

void pxe_watchdog_idle(struct pxe_watchdog *w, unsigned times)
{
	w->idle += times;
}

/*
 * iPXE's pcnet32 looks after its rings only once a frame has come, and when a flood has used them up none can come:
 * it refuses, or tells no end any more. Or it looks at another place of the ring than the card: that is deafness.
 */
bool pxe_watchdog_expired(const struct pxe_watchdog *w)
{
	bool owes = w->tells && w->unfinished >= PXE_WATCHDOG_FRAMES;
	bool deaf = w->goes_deaf && w->unanswered >= PXE_WATCHDOG_FRAMES;

	return w->idle >= (unsigned)PXE_WATCHDOG_POLLS << w->in_vain && (w->refuses || owes || deaf);
}

/* What kind of card it is stays known. Where a restart is done for silence alone it is known to be harmless. */
void pxe_watchdog_restart(struct pxe_watchdog *w)
{
	unsigned in_vain = w->in_vain;

	if (in_vain < PXE_WATCHDOG_DOUBLINGS && !w->goes_deaf)
		in_vain++;
	*w = (struct pxe_watchdog){ .goes_deaf = w->goes_deaf, .tells = w->tells, .in_vain = in_vain };
}
