/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef DRIVER_CLOCK_H
#define DRIVER_CLOCK_H
/* The driver's clock: only its main loop and blocking waits read it. */
#include <time.h>
#include "lib/types.h"

static inline usec clock_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (usec)t.tv_sec * USEC_PER_S + (usec)t.tv_nsec / 1000;
}

/* A time-out for poll(), rounded up so that nobody wakes just too early. */
static inline int clock_poll_ms(usec now, usec wake_at, int ms_max)
{
	if (wake_at <= now)
		return 0;
	return wake_at - now >= (usec)ms_max * USEC_PER_MS ? ms_max : (int)((wake_at - now + 999) / 1000);
}
#endif
