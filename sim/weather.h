/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef SIM_WEATHER_H
#define SIM_WEATHER_H
/* How bad the network of one seed is. */
#include "sim/air.h"

struct air_weather weather_draw(struct random *r);
#endif
