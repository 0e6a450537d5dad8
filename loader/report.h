/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LOADER_REPORT_H
#define LOADER_REPORT_H
/*
 * What a failure says of itself, line by line, to the screen, the serial port and the log server alike
 * (docs/errors.md): the last packets; code, text, what happened, step, last packet, what to do; the offers that came
 * and why each was or was not taken; what was dropped, in words. The code stands where a screen of 25 lines has it.
 *
 *     report_write(b)                 screen and serial port have it now
 *     report_tx, report_wake_at       the log server has it line by line, from the boot's pump
 */
#include "loader/syslog.h"

enum { REPORT_PACKETS = 8, REPORT_OFFERS = 6 };

struct boot;

struct report {
	struct log log;                 /* first: where the lines are written */
	struct log *screen;
	struct syslog syslog;
	unsigned used;                  /* of the line that is being written */
	char   line[SYSLOG_LINE_MAX + 1];
};

void report_write(struct boot *b);
void report_tx(struct boot *b, usec now);
/* NEVER: nothing is left to be sent, or nobody can be told. */
usec report_wake_at(const struct boot *b);
#endif
