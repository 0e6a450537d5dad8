/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/bios/clock.h"
#include "firmware/bios/resident.h"

static struct resident resident;

static usec now(struct port *p)
{
	(void)p;
	return clock_now();
}

/* A poll is the only way to hear of a frame, so waiting would only delay it; the poll itself lets interrupts land. */
static void idle(struct port *p, usec until)
{
	(void)p;
	(void)until;
}

struct resident *resident_init(struct low *block)
{
	low = block;
	low->vars.busy = 1;             /* until the disk's boot code runs, nobody but us is there to call */
	resident.port.now = now;
	resident.port.idle = idle;
	return &resident;
}
