/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "sim/weather.h"

/* Mostly 0 or little, sometimes as much as most. */
static unsigned now_and_then(struct random *r, unsigned most)
{
	switch (random_below(r, 4)) {
	case 0:  return 0;
	case 1:  return random_below(r, most / 10 + 1);
	case 2:  return random_below(r, most / 3 + 1);
	default: return random_below(r, most + 1);
	}
}

struct air_weather weather_draw(struct random *r)
{
	static const uint32_t rates[] = { 0, 8, 80, 80, 800 };          /* none, 1 Gb/s, 100 Mb/s, 10 Mb/s */
	static const usec delays[] = { 20, 100, 300, 1000, 5000, 20000 };
	struct air_weather w = {
		.lose = now_and_then(r, 300), .duplicate = now_and_then(r, 100), .reorder = now_and_then(r, 100),
		.corrupt = now_and_then(r, 50), .truncate = now_and_then(r, 50),
		.delay = delays[random_below(r, 6)], .reorder_by = 1 + random_below(r, 5000),
		.ns_per_byte = rates[random_below(r, 5)], .queue_max = 8 + random_below(r, 250),
	};

	w.jitter = random_below(r, 3) ? 0 : random_below(r, (uint32_t)w.delay * 2);
	return w;
}
