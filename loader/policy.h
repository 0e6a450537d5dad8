/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#ifndef LOADER_POLICY_H
#define LOADER_POLICY_H
/*
 * What follows a failed boot (docs/configuration.md): again, for ever and by default; a reboot; the next boot device.
 *
 *     policy_init(&p, config.policy, config.tries);
 *     answer = policy_failed(&p, &random);            a boot failed: count answer.wait down, then make answer.move
 *     policy_went_well(&p);                           it got far: what fails later is a new matter
 *
 * The waits are random by a quarter, so that a class room that failed together does not come back together.
 */
#include "lib/random.h"
#include "loader/config.h"

enum policy_move { POLICY_AGAIN, POLICY_REBOOT, POLICY_NEXT_DEVICE };

struct policy {
	enum config_policy what;
	unsigned tries;                 /* failures until it is done: at least 1 */
	unsigned failures;
	usec wait;                      /* before the next try */
};

struct policy_answer { enum policy_move move; usec wait; };

/* tries 0: the first failure counts. */
void policy_init(struct policy *p, enum config_policy what, unsigned tries);
struct policy_answer policy_failed(struct policy *p, struct random *random);
/* The next wait is a short one again. Failures stay counted: the machine has not booted. */
void policy_went_well(struct policy *p);
#endif
