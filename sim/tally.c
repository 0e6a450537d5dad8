/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "sim/tally.h"
#include <inttypes.h>
#include <stdio.h>

const char *trouble_text(enum trouble t)
{
	static const char *const texts[TROUBLE_COUNT] = {
		[TROUBLE_RESTART] = "server restarted", [TROUBLE_KEY] = "servers' key changed",
		[TROUBLE_DEATH] = "server died", [TROUBLE_SILENCE] = "all servers silent",
		[TROUBLE_DRAIN] = "server drained", [TROUBLE_MOVE] = "machine's address changed",
		[TROUBLE_IO] = "disk unreadable", [TROUBLE_TUNNEL] = "path became smaller",
		[TROUBLE_REDIRECT] = "login redirected",
	};

	return t < TROUBLE_COUNT ? texts[t] : "none";
}

void tally_air(struct tally *t, const struct air_counts *c)
{
	t->air.sent       += c->sent;
	t->air.arrived    += c->arrived;
	t->air.lost       += c->lost;
	t->air.duplicated += c->duplicated;
	t->air.reordered  += c->reordered;
	t->air.delayed    += c->delayed;
	t->air.corrupted  += c->corrupted;
	t->air.truncated  += c->truncated;
	t->air.overflowed += c->overflowed;
	t->air.too_long   += c->too_long;
}

struct line { const char *what; uint64_t count; };

static size_t classes(const struct tally *t, struct line lines[32])
{
	const struct line network[] = {
		{ "packets lost", t->air.lost }, { "packets duplicated", t->air.duplicated },
		{ "packets reordered", t->air.reordered }, { "packets delayed", t->air.delayed },
		{ "packets with a flipped bit", t->air.corrupted }, { "packets cut short", t->air.truncated },
		{ "packets the queue dropped", t->air.overflowed },
		{ "packets too long for the path", t->air.too_long }, { "large segments found to fit", t->large },
		{ "time-outs", t->timeouts }, { "segments asked for early", t->early },
		{ "logins beside the reads", t->logins }, { "servers left", t->failovers },
		{ "damaged data dropped", t->dropped_damaged }, { "late data dropped", t->dropped_late },
		{ "doubled data dropped", t->dropped_duplicate }, { "whole boots", t->boots },
		{ "frames the card dropped", t->card_overflows }, { "leases given", t->dhcp_served },
	};
	size_t n = COUNT_OF(network);

	memcpy(lines, network, sizeof network);
	for (enum trouble i = 0; i < TROUBLE_COUNT; i++)
		lines[n++] = (struct line){ trouble_text(i), t->troubles[i] };
	return n;
}

void tally_print(const struct tally *t)
{
	struct line lines[32];
	size_t n = classes(t, lines);

	for (size_t i = 0; i < n; i++)
		printf("  %-28s %12" PRIu64 "%s", lines[i].what, lines[i].count, i % 2 || i + 1 == n ? "\n" : "    ");
	printf("  %" PRIu64 " seeds, %" PRIu64 " MiB verified, %" PRIu64 " packets; the longest took %.1f s of"
	       " simulated time (seed %" PRIu64 ")\n", t->seeds, t->bytes >> 20, t->air.sent, (double)t->longest / 1e6,
	       t->longest_seed);
	printf("  data datagrams: %" PRIu64 " wanted, %" PRIu64 " sent, %" PRIu64 " lost, %" PRIu64
	       " for doubled requests; beyond those, at worst %u%% of what was wanted (seed %" PRIu64 ")\n",
	       t->needed, t->sent, t->lost, t->for_copies, t->worst_percent, t->worst_seed);
}

bool tally_is_complete(const struct tally *t)
{
	struct line lines[32];
	size_t n = classes(t, lines);
	bool ok = true;

	for (size_t i = 0; i < n; i++)
		if (lines[i].count == 0) {
			printf("sim: never happened in %" PRIu64 " seeds: %s\n", t->seeds, lines[i].what);
			ok = false;
		}
	return ok;
}
