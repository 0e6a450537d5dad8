/* SPDX-License-Identifier: BSD-2-Clause-Patent */
/* A port of a bundle asks; what we answer, and what we never say. */
#include "netstack/lacp.h"
#include "netstack/nic_fake.h"
#include "netstack/vlan.h"

static const uint8_t our_mac[6] = { 0x52, 0x54, 0, 0, 0, 1 }, switch_mac[6] = { 0, 0x1b, 0x54, 1, 2, 3 };
static const usec S = USEC_PER_S;

static struct nic_fake card;
static struct net net;
static struct lacp l;
static struct datagram d;

static int fresh(void **state)
{
	(void)state;
	fake_init(&card, our_mac);
	net_init(&net, &card.nic, NULL);
	lacp_init(&l);
	net_listen(&net, &l.listener);
	return 0;
}

static struct wr next_frame(struct fake_frame **f)
{
	struct eth_head eth = { .type = ETH_SLOW };
	struct wr w;

	*f = fake_next_in(&card);
	w = wr_over((*f)->bytes, sizeof (*f)->bytes);
	memcpy(eth.dst, slow_group, 6);
	memcpy(eth.src, switch_mac, 6);
	eth_emit(&w, &eth);
	(*f)->len = ETH_HEAD + LACP_BYTES;
	return w;
}

static void hear(usec now, const uint8_t system[6], uint8_t state)
{
	struct lacp_pdu p = {
		.actor = { .system_priority = 0x8000, .key = 7, .port_priority = 0x8000, .port = 23, .state = state },
	};
	struct fake_frame *f;
	struct wr w = next_frame(&f);

	memcpy(p.actor.system, system, 6);
	lacp_emit(&w, &p);
	assert_false(net_poll(&net, now, &d));
}

static struct lacp_pdu last_answer(void)
{
	const struct fake_frame *f = &card.out[(card.out_count - 1) % FAKE_FRAMES];
	struct rd r = rd_over(f->bytes, f->len);
	struct lacp_pdu p;
	struct eth_head eth;

	assert_true(card.out_count > 0);
	assert_int_equal(f->len, ETH_HEAD + LACP_BYTES);
	assert_true(eth_parse(&r, &eth));
	assert_int_equal(eth.type, ETH_SLOW);
	assert_memory_equal(eth.dst, slow_group, 6);
	assert_memory_equal(eth.src, our_mac, 6);
	assert_int_equal(slow_parse(&r), SLOW_LACP);
	assert_true(lacp_parse(r, &p));
	return p;
}

static void who_asks_is_told_that_we_are_in_his_bundle(void **state)
{
	struct lacp_pdu p;

	(void)state;
	assert_false(net_poll(&net, 0, &d));
	assert_int_equal(card.out_count, 0);            /* never first */
	assert_null(lacp_listener(&l));
	hear(1 * S, switch_mac, LACP_ACTIVE | LACP_AGGREGATABLE | LACP_DEFAULTED);
	p = last_answer();
	assert_memory_equal(p.actor.system, our_mac, 6);
	assert_int_equal(p.actor.state, LACP_AGGREGATABLE | LACP_IN_SYNC);      /* and not active */
	assert_memory_equal(p.partner.system, switch_mac, 6);
	assert_int_equal(p.partner.key, 7);
	assert_int_equal(p.partner.port, 23);
	assert_int_equal(p.partner.state, LACP_ACTIVE | LACP_AGGREGATABLE | LACP_DEFAULTED);
	hear(2 * S, switch_mac, LACP_ACTIVE | LACP_AGGREGATABLE | LACP_IN_SYNC | LACP_COLLECTING | LACP_SHORT_TIMEOUT);
	assert_int_equal(last_answer().actor.state, LACP_AGGREGATABLE | LACP_IN_SYNC | LACP_COLLECTING
	                 | LACP_DISTRIBUTING | LACP_SHORT_TIMEOUT);
	assert_int_equal(card.out_count, 2);
	assert_ptr_equal(lacp_listener(&l), &l.listener);
}

static void a_port_on_its_way_into_the_bundle_does_not_forward(void **state)
{
	(void)state;
	assert_false(lacp_blocks(&l, 0));
	assert_int_equal(lacp_until(&l, 0), NEVER);
	hear(1 * S, switch_mac, LACP_ACTIVE | LACP_AGGREGATABLE);
	assert_true(lacp_blocks(&l, 1 * S));
	assert_int_equal(lacp_until(&l, 1 * S), 6 * S);
	assert_false(lacp_blocks(&l, 6 * S));           /* it says no more: perhaps it forwards all the same */
	hear(7 * S, switch_mac, LACP_ACTIVE | LACP_AGGREGATABLE | LACP_IN_SYNC | LACP_COLLECTING);
	assert_true(lacp_blocks(&l, 7 * S));
	hear(8 * S, switch_mac, LACP_ACTIVE | LACP_AGGREGATABLE | LACP_IN_SYNC | LACP_COLLECTING | LACP_DISTRIBUTING);
	assert_false(lacp_blocks(&l, 8 * S));
	assert_int_equal(lacp_until(&l, 8 * S), NEVER);
}

static void markers_are_answered_and_answers_are_not(void **state)
{
	static const struct lacp_marker m = { 23, { 0, 0x1b, 0x54, 1, 2, 3 }, 0x01020304 };
	struct fake_frame *f;
	struct wr w = next_frame(&f);

	(void)state;
	lacp_emit_marker_answer(&w, &m);
	assert_false(net_poll(&net, 0, &d));
	assert_int_equal(card.out_count, 0);
	w = next_frame(&f);
	lacp_emit_marker_answer(&w, &m);
	f->bytes[ETH_HEAD + 2] = 1;             /* a question */
	assert_false(net_poll(&net, 0, &d));
	assert_int_equal(card.out_count, 1);
	f->bytes[ETH_HEAD + 2] = 2;
	memcpy(f->bytes + 6, our_mac, 6);
	assert_memory_equal(card.out[0].bytes, f->bytes, ETH_HEAD + LACP_BYTES);
	assert_null(lacp_listener(&l));
}

static void our_own_words_and_nonsense_are_not_answered(void **state)
{
	struct fake_frame *f;
	struct wr w;

	(void)state;
	hear(0, our_mac, LACP_ACTIVE | LACP_AGGREGATABLE);
	assert_int_equal(card.out_count, 0);
	w = next_frame(&f);
	wr_bytes(&w, "\1\1\1\1", 4);
	w = next_frame(&f);
	wr_bytes(&w, "\3\1\1\x14", 4);          /* OAM */
	assert_false(net_poll(&net, 0, &d));
	assert_int_equal(card.out_count, 0);
	assert_int_equal(l.malformed, 1);
	assert_false(l.is_heard);
}

static void a_flood_gets_ten_answers_a_second(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 30; i++)
		hear(5 * S + i, switch_mac, LACP_ACTIVE);
	assert_int_equal(card.out_count, 10);
	hear(6 * S, switch_mac, LACP_ACTIVE);
	assert_int_equal(card.out_count, 11);
	assert_int_equal(l.answered, 11);
	card.busy = true;
	hear(6 * S, switch_mac, LACP_ACTIVE);
	assert_int_equal(l.answered, 11);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, fresh, NULL)
	const struct CMUnitTest tests[] = {
		TEST(who_asks_is_told_that_we_are_in_his_bundle),
		TEST(a_port_on_its_way_into_the_bundle_does_not_forward),
		TEST(markers_are_answered_and_answers_are_not),
		TEST(our_own_words_and_nonsense_are_not_answered),
		TEST(a_flood_gets_ten_answers_a_second),
	};
	int failed = cmocka_run_group_tests_name("lacp", tests, NULL, NULL);

	fake_take_back(&card);
	return failed;
}
