/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* A menu on the screen while the network goes on. */
#include "loader/steps.h"

bool boot_choose(struct boot *b, unsigned seconds)
{
	struct port *port = b->platform->port;
	enum log_level verbosity = b->log->verbosity;
	usec now = boot_now(b), until = seconds ? now + (usec)seconds * USEC_PER_S : NEVER;
	bool go_on = true, chosen = false;

	/* What others say meanwhile would move the screen away from under the cursor. */
	b->log->verbosity = LOG_ERROR;
	boot_take_key(b);
	for (; go_on && !chosen && now < until; now = boot_now(b)) {
		menu_draw(&b->menu, port, until == NEVER ? 0 : boot_seconds_left(until, now));
		go_on = boot_turn(b, min_u64(until, now + USEC_PER_S / 4));
		if (b->key == KEY_NONE)
			continue;
		until  = NEVER;         /* somebody is there */
		chosen = menu_key(&b->menu, boot_take_key(b));
	}
	b->log->verbosity = verbosity;
	return go_on;
}
