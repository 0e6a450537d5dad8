/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* A menu on the screen while the network goes on. */
#include "loader/steps.h"

/* Below the menu, which is then drawn anew: what moves the screen would leave its lines twice. */
static bool show_packets(struct boot *b)
{
	bool go_on = true;

	log_line(b->log, LOG_ERROR, "%s", "the last packets, and all that follow (any key: the menu)");
	packet_log_show(&b->packets, b->log, PACKET_LOG_SHOWN);
	b->packets.is_shown = true;
	while (go_on && boot_take_key(b) == KEY_NONE)
		go_on = boot_turn(b, NEVER);
	b->packets.is_shown = false;
	b->menu.is_drawn    = false;
	return go_on;
}

static bool choose(struct boot *b, usec until)
{
	struct port *port = b->platform->port;
	usec now = boot_now(b);
	bool go_on = true;

	for (; go_on && now < until; now = boot_now(b)) {
		int key;

		menu_draw(&b->menu, port, until == NEVER ? 0 : boot_seconds_left(until, now));
		go_on = boot_turn(b, min_u64(until, now + USEC_PER_S / 4));
		key   = boot_take_key(b);
		if (key == KEY_NONE)
			continue;
		until = NEVER;          /* somebody is there */
		if (key == KEY_F2)
			go_on = show_packets(b);
		else if (menu_key(&b->menu, key))
			break;
	}
	return go_on;
}

bool boot_choose(struct boot *b, unsigned seconds)
{
	enum log_level verbosity = b->log->verbosity;
	bool has_packets = b->packets.is_shown, go_on;

	/* What others say meanwhile would move the screen away from under the cursor; so would packets. */
	b->log->verbosity   = LOG_ERROR;
	b->packets.is_shown = false;
	b->has_menu         = true;
	boot_take_key(b);
	go_on = choose(b, seconds ? boot_now(b) + (usec)seconds * USEC_PER_S : NEVER);
	b->has_menu         = false;
	b->packets.is_shown = has_packets;
	b->log->verbosity   = verbosity;
	return go_on;
}
