/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* Boot servers on a line that loses, doubles, and turns the order round. */
#include "netstack/pxe_boot_script.h"

/* A third is lost, a quarter comes from a stranger, half is of another type. */
static void one_conversation(uint64_t seed, unsigned *done)
{
	struct random random = random_from(seed);
	struct { usec at; bool right; } queue[64];
	unsigned queued = 0;
	usec now = 0, last = 0;

	ask_type(every_way, sizeof every_way);
	p.random = random_from(seed);
	while (now != NEVER && pxe_boot_status(&p) == PXE_BOOT_WORKING) {
		while (tx(now)) {
			last = now;
			for (unsigned copy = 0; copy < 2 && flow.dst_ip != IP_BROADCAST; copy++)
				if (random_below(&random, 3) && queued < COUNT_OF(queue)) {
					queue[queued].at    = now + random_below(&random, 900000);
					queue[queued++].right = random_below(&random, 2);
				}
		}
		assert_true(pxe_boot_wake_at(&p) > now);
		now = pxe_boot_wake_at(&p);
		for (unsigned i = 0; i < queued; i++)
			now = min_u64(now, queue[i].at);
		for (unsigned i = 0; i < queued; i++)
			if (queue[i].at == now) {
				answer_item(queue[i].right ? TYPE : TYPE + 1, 0);
				deliver(now, random_below(&random, 4) ? LISTED : STRANGER);
				queue[i] = queue[--queued];
				break;
			}
	}
	assert_true(last < 8 * S);
	assert_true(p.sent <= 11);
	*done += pxe_boot_status(&p) == PXE_BOOT_DONE;
	if (pxe_boot_status(&p) != PXE_BOOT_DONE)
		assert_int_equal(p.failure, PXE_BOOT_NOT_FOUND);
}

static void loss_copies_and_disorder_are_borne(void **state)
{
	unsigned done = 0;

	(void)state;
	for (uint64_t seed = 0; seed < 1000; seed++)
		one_conversation(seed, &done);
	assert_in_range(done, 900, 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(loss_copies_and_disorder_are_borne) };

	return cmocka_run_group_tests_name("pxe_boot_loss", tests, NULL, NULL);
}
