/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "firmware/bios/clock.h"
#include "firmware/bios/resident.h"

enum { BREATHE_EVERY = 10 * USEC_PER_MS };

static struct resident resident;

static usec now(struct port *p)
{
	(void)p;
	return clock_now();
}

/*
 * A poll is the only way to hear of a frame, so waiting would only delay it. A ROM's lets interrupts land; our own
 * driver never leaves 32-bit mode, and the BIOS counts 18 ticks a second, none of which it may miss.
 */
static void idle(struct port *p, usec until)
{
	(void)p;
	(void)until;
	if (!resident.own.nic || clock_now() < resident.breathe_at)
		return;
	real(low->code.breathe);
	resident.breathe_at = clock_now() + BREATHE_EVERY;
}

struct resident *resident_init(struct low *block)
{
	low = block;
	low->vars.busy = 1;             /* until the disk's boot code runs, nobody but us is there to call */
	resident.port.now = now;
	resident.port.idle = idle;
	return &resident;
}

void resident_close_card(struct resident *r)
{
	pxe_close(&r->card);
	undi_rom_give_back(&r->rom);
	card_own_give_back(&r->own);
}

uint32_t resident_leave(struct low *block)
{
	(void)block;
	resident_close_card(&resident);
	return 0;
}
