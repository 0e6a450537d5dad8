/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef SIM_READER_H
#define SIM_READER_H
/*
 * One seed, datagram by datagram: a login and a stream read a disk at random
 * places, from one or two servers, in the weather and with the troubles of
 * the seed. Every byte is compared; so is every buffer after it was taken.
 */
#include "sim/tally.h"

/* False: it went wrong; `why` says how, for people. */
bool reader_run(uint64_t seed, struct tally *t, char *why, size_t why_size);

/* A run of its own for the figures: sequential reads, a clean line but for `lose` (in 1/1000). */
struct reader_figures { uint64_t bytes, needed, sent, lost, in_vain, again, timeouts; usec time; double line_share; };
bool reader_measure(unsigned lose, struct reader_figures *f);
#endif
