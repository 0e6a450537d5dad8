/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef SIM_TALLY_H
#define SIM_TALLY_H
/*
 * What happened in a run of seeds: so that the run can say it, and fail if something never did.
 */
#include "sim/air.h"

/* Troubles a simulation may be given besides its weather. */
enum trouble {
	TROUBLE_RESTART,        /* a server is down for a while and forgets everything but its key */
	TROUBLE_KEY,            /* all servers come back with another key */
	TROUBLE_DEATH,          /* the server in use never comes back; there is another one */
	TROUBLE_SILENCE,        /* no server is reachable for a while */
	TROUBLE_DRAIN,          /* the server in use is about to stop, says so, and stops */
	TROUBLE_MOVE,           /* the machine gets another address */
	TROUBLE_IO,             /* the disk cannot be read for a while */
	TROUBLE_TUNNEL,         /* from now on the way has a tunnel */
	TROUBLE_REDIRECT,       /* the first server sends the machine on */
	TROUBLE_COUNT,
};

struct tally {
	uint64_t seeds, boots;
	struct air_counts air;
	uint64_t troubles[TROUBLE_COUNT];
	uint64_t bytes;                                 /* verified */
	uint64_t needed, sent, lost, for_copies;        /* Rdata: segments wanted, sent, not arrived, asked by copies */
	uint64_t again, early, timeouts, logins, failovers, io_errors;
	uint64_t dropped_damaged, dropped_late, dropped_duplicate;
	uint64_t card_overflows, dhcp_served;
	uint64_t large;                                 /* seeds that ended with segments of more than 1408 */
	usec     longest;                               /* simulated */
	uint64_t longest_seed;
	unsigned worst_percent;                         /* (sent - lost - for_copies) / needed */
	uint64_t worst_seed;
};

const char *trouble_text(enum trouble t);
/* One seed's air into the sum. */
void tally_air(struct tally *t, const struct air_counts *c);
void tally_print(const struct tally *t);
/* Names each class of impairment that never happened; false if there is one. */
bool tally_is_complete(const struct tally *t);
#endif
