/* SPDX-License-Identifier: BSD-2-Clause-Patent */
#include "loader/policy.h"
#include "loader/limits.h"

void policy_init(struct policy *p, enum config_policy what, unsigned tries)
{
	*p = (struct policy){ .what = what, .tries = tries ? tries : 1, .wait = RETRY_FIRST };
}

void policy_went_well(struct policy *p) { p->wait = RETRY_FIRST; }

struct policy_answer policy_failed(struct policy *p, struct random *random)
{
	bool is_last = p->what != CONFIG_RETRY && ++p->failures >= p->tries;
	struct policy_answer answer = { .move = POLICY_AGAIN, .wait = p->wait };

	if (is_last && p->what == CONFIG_REBOOT)
		answer = (struct policy_answer){ POLICY_REBOOT, REBOOT_WAIT };
	else if (is_last)
		answer = (struct policy_answer){ POLICY_NEXT_DEVICE, NEXT_DEVICE_WAIT };
	else
		p->wait = min_u64(p->wait * 2, RETRY_MOST);
	if (answer.move != POLICY_NEXT_DEVICE)
		answer.wait += random_below(random, (uint32_t)answer.wait / 4);
	return answer;
}
