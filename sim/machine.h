/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef SIM_MACHINE_H
#define SIM_MACHINE_H
/*
 * One seed, frame by frame: a whole boot, loader/boot.c as it is, from the
 * card over DHCP, ARP and login to the attached disk, and then reads at random
 * places through cache and overlay, as an operating system's loader makes them.
 */
#include "sim/tally.h"

/* False: it went wrong; `why` says how, for people. */
bool machine_run(uint64_t seed, struct tally *t, char *why, size_t why_size);
#endif
