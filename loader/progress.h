/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LOADER_PROGRESS_H
#define LOADER_PROGRESS_H
/*
 * One line on the screen that says how much has come, for whoever waits there.
 *
 *     progress_init(&p, log, now);
 *     progress_show(&p, now, came, all);       each turn, and p.due is when to come again at the latest
 *     progress_end(&p);
 *
 * What takes less than a second shows nothing; what takes longer, at most four
 * lines a second, each over the last.
 */
#include "lib/log.h"

struct progress {
	usec due;                       /* public */
	struct log *log;
	bool is_shown;
	size_t came;                    /* what is shown */
};

void progress_init(struct progress *p, struct log *log, usec now);
/* Bytes; all is 0 where nobody knows. */
void progress_show(struct progress *p, usec now, size_t came, uint64_t all);
void progress_end(struct progress *p);
#endif
