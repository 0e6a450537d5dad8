/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "loader/progress.h"

enum { FIRST_AFTER = USEC_PER_S, EVERY = USEC_PER_S / 4 };

void progress_init(struct progress *p, struct log *log, usec now)
{
	*p = (struct progress){ .log = log, .due = now + FIRST_AFTER };
}

void progress_show(struct progress *p, usec now, size_t came, uint64_t all)
{
	unsigned came_kb = (unsigned)(came >> 10), all_kb = (unsigned)(all >> 10);

	if (now < p->due)
		return;
	p->due = now + EVERY;
	if (!came)
		return;
	if (came < p->came)
		progress_end(p);        /* it was begun again, and the log says why */
	p->came = came;
	p->is_shown = true;
	if (all_kb)
		log_text(p->log, LOG_STEP, "\r%u of %u KB, %u %%", came_kb, all_kb, came_kb * 100 / all_kb);
	else
		log_text(p->log, LOG_STEP, "\r%u KB", came_kb);
}

void progress_end(struct progress *p)
{
	if (p->is_shown)
		log_line(p->log, LOG_STEP, "%s", "");
	p->is_shown = false;
}
