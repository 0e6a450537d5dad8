/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* What a switch port's BPDUs tell of whether it forwards. */
#include "lib/test.h"
#include "netstack/stp.h"
#include "netstack/wire/stp_fake.h"

static struct stp s;
static const usec S = USEC_PER_S;

enum { DISCARDS = STP_ROLE, LEARNS = STP_ROLE | STP_LEARNING, FORWARDS = LEARNS | STP_FORWARDING };

static void hear(usec now, enum stp_kind kind, uint8_t flags, unsigned hello, unsigned forward_delay)
{
	uint8_t bytes[FAKE_BPDU_BYTES];
	struct wr w = wr_over(bytes, sizeof bytes);

	fake_bpdu(&w, kind, flags, hello, forward_delay);
	assert_true(wr_ok(&w));
	stp_rx(&s, now, rd_over(bytes, wr_used(&w, bytes)));
}

static void a_rapid_port_says_when_it_forwards(void **state)
{
	(void)state;
	stp_init(&s);
	assert_int_equal(stp_says(&s, 0), STP_SILENT);
	assert_int_equal(stp_until(&s, 0), NEVER);
	hear(1 * S, STP_RAPID, DISCARDS, 2, 15);
	assert_int_equal(stp_says(&s, 1 * S), STP_BLOCKS);
	assert_memory_equal(s.bridge, fake_bridge, 6);
	stp_heard_data(&s);                     /* it says that it does not, whatever slipped through */
	hear(3 * S, STP_RAPID, LEARNS, 2, 15);
	assert_int_equal(stp_says(&s, 4 * S), STP_BLOCKS);
	hear(5 * S, STP_RAPID, FORWARDS, 2, 15);
	assert_int_equal(stp_says(&s, 5 * S), STP_FORWARDS);
	assert_int_equal(stp_until(&s, 5 * S), NEVER);
	hear(7 * S, STP_RAPID, DISCARDS, 2, 15);
	assert_int_equal(stp_says(&s, 7 * S), STP_BLOCKS);
	assert_int_equal(s.bpdus, 4);
}

static void who_falls_silent_is_believed_for_three_hellos(void **state)
{
	(void)state;
	stp_init(&s);
	hear(0, STP_RAPID, DISCARDS, 2, 15);
	assert_int_equal(stp_until(&s, 0), 6 * S);
	assert_int_equal(stp_says(&s, 6 * S - 1), STP_BLOCKS);
	assert_int_equal(stp_says(&s, 6 * S), STP_SILENT);
	assert_int_equal(stp_until(&s, 6 * S), NEVER);
	hear(7 * S, STP_CONFIG, 0, 2, 15);      /* it has found a neighbour that knows the old tree only */
	assert_int_equal(stp_says(&s, 7 * S), STP_MAY_FORWARD);
	hear(0, STP_RAPID, DISCARDS, 200, 15);  /* nobody says hello every 200 s */
	assert_int_equal(stp_until(&s, 0), 6 * S);
	hear(0, STP_RAPID, DISCARDS, 10, 15);
	assert_int_equal(stp_until(&s, 0), 30 * S);
}

static void an_old_port_is_through_after_twice_its_forward_delay(void **state)
{
	(void)state;
	stp_init(&s);
	hear(1 * S, STP_CONFIG, 0, 2, 15);
	hear(3 * S, STP_CONFIG, 0, 2, 15);
	assert_int_equal(stp_says(&s, 3 * S), STP_MAY_FORWARD);
	assert_int_equal(stp_until(&s, 3 * S), 31 * S);         /* from the first on */
	assert_int_equal(stp_says(&s, 31 * S), STP_FORWARDS);
	assert_int_equal(stp_until(&s, 31 * S), NEVER);
	hear(33 * S, STP_CONFIG, 0, 2, 15);
	assert_int_equal(stp_says(&s, 33 * S), STP_FORWARDS);
	stp_init(&s);
	hear(0, STP_CONFIG, 0, 2, 255);
	assert_int_equal(stp_until(&s, 0), 30 * S);             /* no tree waits for four minutes */
	stp_init(&s);
	hear(0, STP_CONFIG, 0, 2, 4);
	assert_int_equal(stp_until(&s, 0), 8 * S);
}

static void data_proves_that_an_old_port_is_through(void **state)
{
	(void)state;
	stp_init(&s);
	stp_heard_data(&s);
	assert_int_equal(stp_says(&s, 0), STP_SILENT);
	hear(1 * S, STP_CONFIG, 0, 2, 15);
	stp_heard_data(&s);
	assert_int_equal(stp_says(&s, 1 * S), STP_FORWARDS);
	hear(3 * S, STP_CONFIG, 0, 2, 15);
	assert_int_equal(stp_says(&s, 3 * S), STP_FORWARDS);
}

static void changes_of_the_tree_and_nonsense_tell_nothing(void **state)
{
	(void)state;
	stp_init(&s);
	hear(0, STP_TOPOLOGY, 0, 2, 15);
	assert_int_equal(s.bpdus, 0);
	stp_rx(&s, 0, rd_over("\x42\x42\x03\0\0", 5));
	stp_rx(&s, 0, rd_over("\xaa\xaa\x03\0\0\x0c\1\x0b", 8));
	assert_int_equal(s.malformed, 2);
	assert_int_equal(stp_says(&s, 0), STP_SILENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rapid_port_says_when_it_forwards),
		cmocka_unit_test(who_falls_silent_is_believed_for_three_hellos),
		cmocka_unit_test(an_old_port_is_through_after_twice_its_forward_delay),
		cmocka_unit_test(data_proves_that_an_old_port_is_through),
		cmocka_unit_test(changes_of_the_tree_and_nonsense_tell_nothing),
	};

	return cmocka_run_group_tests_name("stp", tests, NULL, NULL);
}
